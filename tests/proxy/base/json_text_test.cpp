// JSON objects as text: what the library reads back, and the order of their members.
#include "proxy/base/json_text.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "proxy/base/json.h"

namespace portero {
namespace {

TEST(JsonText, WritesMembersInTheirOrder) {
  JsonText user;
  user.add_text("login", "octocat");
  user.add_text_or_null("name", std::nullopt);
  user.add_text_or_null("email", "o@example.com");
  JsonText object;
  object.add_number("v", 1);
  object.add_object("user", user);
  object.add_null("reason");
  object.add_true("require_issuer");
  EXPECT_EQ(object.text(),
            R"({"v":1,"user":{"login":"octocat","name":null,"email":"o@example.com"},)"
            R"("reason":null,"require_issuer":true})");
}

TEST(JsonText, TakesAValueThatIsWrittenAlready) {
  JsonText object;
  object.add_written("user", R"({"id":7})");
  object.add_written("groups", "[]");
  EXPECT_EQ(object.text(), R"({"user":{"id":7},"groups":[]})");
}

/// JSON has three ways to write most characters; these have one.
TEST(JsonText, KnowsWhatStandsForItself) {
  for (int c = 0; c < 256; ++c) {
    const std::string text = "x" + std::string(1, static_cast<char>(c)) + "y";
    EXPECT_EQ(stands_for_itself(text), c >= 0x20 && c < 0x7f && c != '\\') << c;
  }
  EXPECT_TRUE(stands_for_itself(""));
}

TEST(JsonText, IsEmptyUntilAMemberIsAdded) {
  JsonText object;
  EXPECT_TRUE(object.is_empty());
  EXPECT_EQ(object.text(), "{}");
  object.add_null("a");
  EXPECT_FALSE(object.is_empty());
}

TEST(JsonText, WritesEveryNumber) {
  for (const std::int64_t number :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1} << 53U,
        std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}) {
    JsonText object;
    object.add_number("n", number);
    EXPECT_EQ(object.text(), write_json(Json{{"n", number}}));
  }
}

/// As the library writes it, byte by byte.
TEST(JsonText, WritesTextAsTheLibraryDoes) {
  std::vector<std::string> texts = {
      "", "plain", "a\"b", "a\\b", "</script>", "\u00e9\u4e16", "\xff\xfe", "a\xc3", "\x7f"};
  for (int c = 0; c < 256; ++c) texts.push_back("x" + std::string(1, static_cast<char>(c)) + "y");
  for (const std::string& text : texts) {
    JsonText object;
    object.add_text("text", text);
    EXPECT_EQ(object.text(), write_json(Json{{"text", text}}));
  }
}

TEST(JsonText, WritesAListOfTexts) {
  JsonText object;
  object.add_texts("none", {});
  object.add_texts("some", {"acme", "a\"b", "ü"});
  EXPECT_EQ(object.text(), R"({"none":[],"some":["acme","a\"b","ü"]})");
}

}  // namespace
}  // namespace portero
