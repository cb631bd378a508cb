#include "proxy/site/address.h"

#include <gtest/gtest.h>

namespace portero {
namespace {

TEST(Address, IsTheNameInOneEncoding) {
  EXPECT_EQ(make_segment("app.js"), "app.js");
  EXPECT_EQ(make_segment("a b"), "a%20b");
  EXPECT_EQ(make_segment("%20"), "%2520");
  EXPECT_EQ(make_segment("%2e%2e"), "%252e%252e");
  EXPECT_EQ(make_segment("..."), "...");
  EXPECT_EQ(make_segment("\xc3\xbc"), "%C3%BC");
  EXPECT_EQ(make_segment("u\xcc\x88"), "u%CC%88") << "another name, although it looks the same";
}

/// The URL Standard's path percent-encode set, as Chromium, Firefox and WebKit send it.
TEST(Address, LeavesWhatBrowsersLeave) {
  for (int c = 0x20; c < 0x7f; ++c) {
    const std::string name = {'a', static_cast<char>(c)};
    const bool is_unfit = name == "a/" || name == "a\\" || name == "a|";
    const bool is_encoded = std::string(" \"#<>?^`{}%").find(name[1]) != std::string::npos;
    const std::optional<std::string> segment = make_segment(name);
    EXPECT_EQ(segment.has_value(), !is_unfit) << name;
    if (!segment) continue;
    EXPECT_EQ(*segment == name, !is_encoded) << name;
    EXPECT_EQ(segment->size(), is_encoded ? 4U : 2U) << name;
  }
}

TEST(Address, IsNoneForWhatTwoProgramsReadDifferently) {
  using namespace std::string_view_literals;
  for (const std::string_view name : {""sv,
                                      "."sv,
                                      ".."sv,
                                      "a/b"sv,
                                      "a\\b"sv,
                                      "a|b"sv,
                                      "a\0b"sv,
                                      "a\nb"sv,
                                      "\x7f"sv,
                                      "\x80"sv,
                                      "\xff"sv,
                                      "\xc3"sv,
                                      "\xc0\xaf"sv,
                                      "\xc1\xbf"sv,
                                      "\xe0\x80\xaf"sv,
                                      "\xe0\x9f\xbf"sv,
                                      "\xed\xa0\x80"sv,
                                      "\xf0\x8f\xbf\xbf"sv,
                                      "\xf4\x90\x80\x80"sv,
                                      "\xf5\x80\x80\x80"sv,
                                      "\xe2\x82"sv,
                                      "\xe2\x28\xa1"sv,
                                      "a\xfc"sv}) {
    EXPECT_EQ(make_segment(name), std::nullopt) << name;
  }
  for (const std::string_view text :
       {""sv, "\xc2\x80"sv, "\xdf\xbf"sv, "\xe0\xa0\x80"sv, "\xed\x9f\xbf"sv, "\xee\x80\x80"sv,
        "\xf0\x90\x80\x80"sv, "\xf4\x8f\xbf\xbf"sv}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
}

}  // namespace
}  // namespace portero
