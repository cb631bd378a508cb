#include "proxy/base/token_buckets.h"

#include <gtest/gtest.h>

namespace portero {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Rate kRate = {.burst = 60, .interval = seconds(2)};
constexpr milliseconds kStart = std::chrono::hours(1000);

/// How many of `tries` are let through.
int taken(TokenBuckets& buckets, std::string_view name, int tries, milliseconds now,
          const Rate& rate = kRate) {
  int good = 0;
  for (int i = 0; i < tries; ++i) good += buckets.take(name, rate, now) == 0 ? 1 : 0;
  return good;
}

TEST(TokenBuckets, LetABurstThroughAndThenOneAnInterval) {
  TokenBuckets buckets;
  EXPECT_EQ(taken(buckets, "a", 1000, kStart), 60);
  EXPECT_EQ(buckets.take("a", kRate, kStart), 2);
  EXPECT_EQ(buckets.take("a", kRate, kStart + milliseconds(1)), 2);
  EXPECT_EQ(buckets.take("a", kRate, kStart + milliseconds(1001)), 1);
  EXPECT_EQ(buckets.take("a", kRate, kStart + milliseconds(1999)), 1);
  EXPECT_EQ(buckets.take("a", kRate, kStart + milliseconds(2000)), 0);
  EXPECT_EQ(buckets.take("a", kRate, kStart + milliseconds(2000)), 2);
  EXPECT_EQ(taken(buckets, "a", 1000, kStart + minutes(1)), 29);
  EXPECT_EQ(taken(buckets, "a", 1000, kStart + minutes(10)), 60);
}

TEST(TokenBuckets, AreEachTheirOwn) {
  TokenBuckets buckets;
  EXPECT_EQ(taken(buckets, "a", 100, kStart), 60);
  EXPECT_EQ(taken(buckets, "b", 100, kStart), 60);
  EXPECT_EQ(taken(buckets, "a", 1, kStart), 0);
}

TEST(TokenBuckets, AWaitIsNeverInVain) {
  for (const Rate& rate : {Rate{1, seconds(1)}, Rate{1, milliseconds(1)},
                           Rate{3, milliseconds(700)}, Rate{10, minutes(6)}}) {
    TokenBuckets buckets;
    milliseconds now = kStart;
    for (int i = 0; i < 50; ++i) {
      const int wait = buckets.take("a", rate, now);
      EXPECT_GE(wait, 0);
      now += seconds(wait);
      EXPECT_TRUE(wait == 0 || buckets.take("a", rate, now) == 0) << i;
    }
  }
}

TEST(TokenBuckets, ARefusalCostsNothing) {
  TokenBuckets buckets;
  EXPECT_EQ(taken(buckets, "a", 60, kStart), 60);
  EXPECT_EQ(taken(buckets, "a", 100000, kStart + milliseconds(1500)), 0);
  EXPECT_EQ(buckets.take("a", kRate, kStart + seconds(2)), 0);
}

TEST(TokenBuckets, FollowAChangedRateAndAClockThatGoesBack) {
  TokenBuckets buckets;
  EXPECT_EQ(taken(buckets, "a", 100, kStart), 60);
  EXPECT_EQ(taken(buckets, "a", 100, kStart, {.burst = 5, .interval = seconds(1)}), 0);
  EXPECT_EQ(taken(buckets, "a", 100, kStart + seconds(5), {.burst = 5, .interval = seconds(1)}), 5);
  EXPECT_LE(buckets.take("b", kRate, kStart), 0);
  EXPECT_EQ(taken(buckets, "a", 1, milliseconds(0)), 0);
  EXPECT_EQ(buckets.take("a", kRate, seconds(2)), 0);
}

TEST(TokenBuckets, AFloodOfNamesNeitherGrowsThemNorResetsASpentOne) {
  constexpr std::size_t kMost = 1000;
  TokenBuckets buckets(kMost);
  EXPECT_EQ(taken(buckets, "spent", 60, kStart), 60);
  for (int i = 0; i < 20000; ++i) {
    EXPECT_EQ(taken(buckets, "flood" + std::to_string(i), 3, kStart), 3);
    ASSERT_LE(buckets.size(), kMost);
  }
  EXPECT_EQ(buckets.take("spent", kRate, kStart), 2);
}

TEST(TokenBuckets, TheFullAreForgottenFirst) {
  TokenBuckets buckets(8);
  for (int i = 0; i < 8; ++i) (void)buckets.take("old" + std::to_string(i), kRate, kStart);
  EXPECT_EQ(buckets.size(), 8U);
  EXPECT_EQ(buckets.take("new", kRate, kStart + seconds(2)), 0);
  EXPECT_EQ(buckets.size(), 1U);
}

TEST(TokenBuckets, MakeRoomAlsoWhenAllAreAlike) {
  TokenBuckets buckets(8);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(buckets.take(std::to_string(i), kRate, kStart), 0);
    ASSERT_LE(buckets.size(), 8U);
    ASSERT_GE(buckets.size(), std::min<std::size_t>(7, static_cast<std::size_t>(i) + 1));
  }
}

}  // namespace
}  // namespace portero
