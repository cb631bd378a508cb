#include "proxy/settings/timestamp.h"

#include <gtest/gtest.h>

#include <vector>

namespace portero {
namespace {

std::int64_t seconds_of(std::string_view text) {
  const std::optional<Timestamp> moment = read_timestamp(text);
  return moment ? moment->time_since_epoch().count() : -1;
}

TEST(Timestamp, IsReadInUtcOrAsSecondsSince1970) {
  const std::vector<std::pair<std::string_view, std::int64_t>> cases = {
      {"0", 0},
      {"1767225600", 1767225600},
      {"1970-01-01T00:00:00Z", 0},
      {"2026-01-01T00:00:00Z", 1767225600},
      {"2024-02-29T12:00:00Z", 1709208000},
      {"9999-12-31T23:59:59Z", 253402300799},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(seconds_of(text), expected) << text;
}

TEST(Timestamp, IsNothingElse) {
  for (const std::string_view text : {"",
                                      "-1",
                                      "1.5",
                                      "253402300800",
                                      "99999999999999999999",
                                      "now",
                                      "7d",
                                      "2026-01-01",
                                      "2026-01-01T00:00:00",
                                      "2026-01-01 00:00:00Z",
                                      "2026-01-01T00:00Z",
                                      "2026-13-01T00:00:00Z",
                                      "2026-02-29T00:00:00Z",
                                      "2026-00-10T00:00:00Z",
                                      "2026-01-01T24:00:00Z",
                                      "2026-01-01T00:60:00Z",
                                      "2026-01-01T00:00:60Z",
                                      "2026-01-01T00:00:00.Z",
                                      "2026-01-01T00:00:00.999Z",
                                      "2026-01-01T01:30:00+01:30",
                                      "2025-12-31T19:00:00-05:00",
                                      "2026-01-01T 0:00:00Z",
                                      "2026-1-1T0:0:0Z",
                                      "2026-01-01T00:00:00z",
                                      "2026-01-01T00:00:00+1:00",
                                      "2026-01-01T00:00:00+0100",
                                      "2026-01-01T00:00:00Z ",
                                      " 2026-01-01T00:00:00Z",
                                      "1969-12-31T23:59:59Z",
                                      "1970-01-01T00:00:00+01:00",
                                      "12026-01-01T00:00:00Z"}) {
    EXPECT_EQ(seconds_of(text), -1) << text;
  }
}

TEST(SubjectTimestamp, IsAUserIdAndATimestamp) {
  const auto read = read_subject_timestamp("583231=2026-01-01T00:00:00Z");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->first, 583231);
  EXPECT_EQ(read->second.time_since_epoch().count(), 1767225600);
  EXPECT_TRUE(read_subject_timestamp("9007199254740991=1"));
  for (const std::string_view text : {"", "1", "=1", "1=", "octocat=1", "0=1", "-1=1", "1==1",
                                      "9007199254740992=1", "1 =1", "1=1=1"}) {
    EXPECT_FALSE(read_subject_timestamp(text)) << text;
  }
}

}  // namespace
}  // namespace portero
