#include "proxy/base/json.h"

#include <gtest/gtest.h>

namespace portero {
namespace {

constexpr std::size_t kBytes = 4 * 1024 * 1024;

struct Case {
  std::string name;
  std::string text;
};

TEST(ReadJson, RefusesWhatIsNotStrictJson) {
  std::string many_keys_twice = "{\"a\":0";
  for (int i = 0; i < 100000; ++i) many_keys_twice += ",\"k" + std::to_string(i) + "\":0";
  many_keys_twice += ",\"a\":1}";
  const std::vector<Case> cases = {
      {"nothing", ""},
      {"byte order mark", "\xEF\xBB\xBF{}"},
      {"trailing bytes", "{} x"},
      {"second document", "{}{}"},
      {"trailing NUL", std::string("{}\0", 3)},
      {"NUL and more", std::string("{}\0{}", 5)},
      {"trailing comma", "{\"a\":1,}"},
      {"comment", "{/* */}"},
      {"single quotes", "{'a':1}"},
      {"key twice", R"({"a":1,"a":1})"},
      {"key twice, once escaped", R"({"a":1,"\u0061":1})"},
      {"key twice, deeper", R"({"b":{"a":1,"a":2}})"},
      {"number beyond a double", R"({"a":1e999})"},
      {"NaN", R"({"a":NaN})"},
      {"lone high surrogate", R"({"a":"\ud800"})"},
      {"lone low surrogate", R"({"a":"\udc00"})"},
      {"invalid UTF-8", "{\"a\":\"\xff\"}"},
      {"overlong UTF-8", "{\"a\":\"\xc0\xaf\"}"},
      {"control byte", "{\"a\":\"\n\"}"},
      {"five deep", "[[[[[]]]]]"},
      {"a million deep", std::string(1000000, '[')},
      {"a million objects deep", std::string(1000000, '{')},
      {"a hundred thousand keys, one twice", many_keys_twice},
  };
  for (const Case& c : cases) {
    const Result<Json> document = read_json(c.text, kBytes, 4);
    ASSERT_FALSE(document) << c.name;
    EXPECT_EQ(document.error(), Error::kBadJson) << c.name;
  }
}

TEST(ReadJson, ReadsWhatIsWithinTheBounds) {
  for (const std::string_view text : {"{}", " [1] ", R"({"a":{"a":{"a":[1]}},"b":{"a":-0}})"}) {
    EXPECT_TRUE(read_json(text, kBytes, 4)) << text;
  }
  EXPECT_TRUE(read_json("[1,2]", 5, 1));
  EXPECT_FALSE(read_json("[1,2]", 4, 1));
}

TEST(ReadJson, MakesTheTreeThatTheLibraryMakes) {
  for (const std::string_view text :
       {"null", "true", "-1", "18446744073709551615", "0.5", "1e3", R"("a\u00e9\n")", "[]", "{}",
        "[[],[[1,[2]],3],{},[{}]]", R"({"b":1,"a":{"c":[],"b":[null,{"x":false}]},"c":"","":-0.0})",
        R"([{"a":[1,2,3]},{"a":{"a":{}}},"a"])"}) {
    const Result<Json> document = read_json(text, kBytes, 8);
    ASSERT_TRUE(document) << text;
    EXPECT_EQ(document->dump(), Json::parse(text).dump()) << text;
  }
}

TEST(ReadOperatorsJson, TakesTheLaterOfTwoMembersAndTellsOfBoth) {
  std::vector<RepeatedKey> repeated;
  const auto document =
      read_operators_json(R"({"a":{"b":[1]},"c":2,"a":{"b":3}})", kBytes, 4, &repeated);
  ASSERT_TRUE(document);
  EXPECT_EQ(document->dump(), R"({"a":{"b":3},"c":2})");
  ASSERT_EQ(repeated.size(), 1U);
  EXPECT_EQ(repeated.front().path, std::vector<std::string>{"a"});
  EXPECT_EQ(repeated.front().first, 1U);
  EXPECT_EQ(repeated.front().again, 21U);
}

TEST(WriteJson, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(write_json({{"a", "x\xff"}}), "{\"a\":\"x\xEF\xBF\xBD\"}");
}

TEST(FindString, WantsAStringInAnObject) {
  const Json document = {{"text", "t"}, {"number", 1}, {"nothing", nullptr}};
  ASSERT_NE(find_string(document, "text"), nullptr);
  EXPECT_EQ(*find_string(document, "text"), "t");
  EXPECT_EQ(find_string(document, "number"), nullptr);
  EXPECT_EQ(find_string(document, "nothing"), nullptr);
  EXPECT_EQ(find_string(document, "absent"), nullptr);
  EXPECT_EQ(find_string(Json::array({"text"}), "text"), nullptr);
}

}  // namespace
}  // namespace portero
