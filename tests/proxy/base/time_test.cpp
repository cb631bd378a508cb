#include "proxy/base/time.h"

#include <gtest/gtest.h>

#include <limits>
#include <utility>
#include <vector>

namespace portero {
namespace {

TEST(HttpDate, IsWrittenAndReadBack) {
  const std::vector<std::pair<std::int64_t, std::string>> cases = {
      {0, "Thu, 01 Jan 1970 00:00:00 GMT"},
      {784111777, "Sun, 06 Nov 1994 08:49:37 GMT"},
      {1709208000, "Thu, 29 Feb 2024 12:00:00 GMT"},
      {253402300799, "Fri, 31 Dec 9999 23:59:59 GMT"},
  };
  for (const auto& [seconds, text] : cases) {
    EXPECT_EQ(format_http_date(seconds), text);
    EXPECT_EQ(read_http_date(text), seconds);
  }
}

TEST(HttpDate, IsNothingElse) {
  for (const std::string_view text :
       {"", "now", "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun,  06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 GMT ",
        "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
        "sun, 06 nov 1994 08:49:37 gmt"}) {
    EXPECT_EQ(read_http_date(text), std::nullopt) << text;
  }
}

TEST(Rfc3339, IsWrittenAndReadBack) {
  EXPECT_EQ(format_rfc3339(784111777), "1994-11-06T08:49:37Z");
  EXPECT_EQ(read_rfc3339("1994-11-06T08:49:37Z"), 784111777);
  EXPECT_EQ(read_rfc3339(std::string_view("1994-11-06T08:49:37Z\0", 21)), std::nullopt);
}

/// It is written by hand and read by strptime(), which must agree.
TEST(Rfc3339, IsTheSameForBothWriterAndReader) {
  constexpr std::int64_t kFirstSecond = -30610224000;
  constexpr std::int64_t kStep = 86'399 * 373;  // every second year or so, at another time of day
  for (std::int64_t seconds = kFirstSecond; seconds <= kLastSecond; seconds += kStep) {
    ASSERT_EQ(read_rfc3339(format_rfc3339(seconds)), seconds);
  }
  for (const auto& [seconds, text] : {std::pair(kFirstSecond, "1000-01-01T00:00:00Z"),
                                      std::pair(std::int64_t{-1}, "1969-12-31T23:59:59Z"),
                                      std::pair(std::int64_t{951782400}, "2000-02-29T00:00:00Z"),
                                      std::pair(kLastSecond, "9999-12-31T23:59:59Z")}) {
    EXPECT_EQ(format_rfc3339(seconds), text);
  }
}

TEST(Times, BeyondFourDigitsOfAYearAreNotWritten) {
  for (const std::int64_t seconds :
       {std::int64_t{253402300800}, std::numeric_limits<std::int64_t>::max(),
        std::numeric_limits<std::int64_t>::min()}) {
    EXPECT_EQ(format_rfc3339(seconds), "");
    EXPECT_EQ(format_http_date(seconds), "");
  }
}

}  // namespace
}  // namespace portero
