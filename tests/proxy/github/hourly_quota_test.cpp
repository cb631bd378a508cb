#include "proxy/github/hourly_quota.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace portero {
namespace {

constexpr std::int64_t kFullMinute = 1767225600;

TEST(HourlyQuota, CountsTheLastHour) {
  HourlyQuota quota;
  for (int i = 0; i < 10; ++i) quota.add(kFullMinute + i);
  EXPECT_EQ(quota.count(kFullMinute + 10), 10U);
  EXPECT_EQ(quota.count(kFullMinute + 3600), 10U);
  EXPECT_EQ(quota.count(kFullMinute + 3659), 10U);
  EXPECT_EQ(quota.count(kFullMinute + 3660), 0U);
}

TEST(HourlyQuota, AWaitIsNeverInVainAndNeverTooLong) {
  HourlyQuota quota;
  for (int i = 0; i < 30; ++i) quota.add(kFullMinute + i * 90);
  const std::int64_t now = kFullMinute + 30 * 90;
  EXPECT_EQ(quota.wait(31, now), 0);
  for (const std::size_t most : {30U, 29U, 15U, 2U, 1U}) {
    const int wait = quota.wait(most, now);
    ASSERT_GT(wait, 0) << most;
    EXPECT_GE(quota.count(now + wait - 1), most);
    EXPECT_LT(quota.count(now + wait), most);
  }
}

TEST(HourlyQuota, NoSixtyMinutesHoldMoreThanTheCap) {
  constexpr std::size_t kCap = 100;
  HourlyQuota quota;
  std::vector<std::int64_t> sent;
  for (std::int64_t now = kFullMinute; now < kFullMinute + 4 * 3600; now += 7) {
    if (quota.wait(kCap, now) > 0) continue;
    quota.add(now);
    sent.push_back(now);
  }
  ASSERT_GT(sent.size(), 3 * kCap);
  for (const std::int64_t begin : sent) {
    const auto within = std::count_if(sent.begin(), sent.end(), [begin](std::int64_t at) {
      return at >= begin && at < begin + 3600;
    });
    ASSERT_LE(within, static_cast<std::ptrdiff_t>(kCap));
  }
}

TEST(HourlyQuota, AClockThatJumpsLocksNobodyOut) {
  HourlyQuota quota;
  for (int i = 0; i < 10; ++i) quota.add(kFullMinute);
  EXPECT_EQ(quota.count(kFullMinute + 1000000), 0U);
  EXPECT_EQ(quota.count(kFullMinute - 1000000), 0U);
  EXPECT_EQ(quota.wait(10, 0), 0);
}

}  // namespace
}  // namespace portero
