#include "proxy/github/breaker.h"

#include <gtest/gtest.h>

#include <vector>

namespace portero {
namespace {

constexpr std::int64_t kNow = 1767225600;

bool fail(Breaker& breaker, std::int64_t now) {
  EXPECT_EQ(breaker.wait(now), 0);
  return breaker.end(breaker.begin(now), false, now);
}

Breaker make_open() {
  Breaker breaker;
  for (int i = 0; i < 5; ++i) (void)fail(breaker, kNow);
  return breaker;
}

TEST(Breaker, OpensAfterFiveFailuresInARow) {
  Breaker breaker;
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(fail(breaker, kNow + i));
  EXPECT_EQ(breaker.wait(kNow + 4), 0);
  EXPECT_TRUE(fail(breaker, kNow + 4));
  EXPECT_TRUE(breaker.is_open());
  EXPECT_EQ(breaker.wait(kNow + 4), 1);
}

TEST(Breaker, CountsTheLossOfOneConnectionOnceWhoeverSharedIt) {
  Breaker breaker;
  for (int loss = 1; loss <= 5; ++loss) {
    std::vector<std::uint64_t> sharing(32);
    for (std::uint64_t& number : sharing) number = breaker.begin(kNow);
    int changes = 0;
    for (const std::uint64_t number : sharing) changes += breaker.end_lost(number, kNow) ? 1 : 0;
    EXPECT_EQ(changes, loss == 5 ? 1 : 0) << loss;
    EXPECT_EQ(breaker.is_open(), loss == 5) << loss;
  }
}

TEST(Breaker, AnAnswerBetweenStartsTheCountAnew) {
  Breaker breaker;
  for (int round = 0; round < 10; ++round) {
    for (int i = 0; i < 4; ++i) EXPECT_FALSE(fail(breaker, kNow));
    EXPECT_FALSE(breaker.end(breaker.begin(kNow), true, kNow));
  }
  EXPECT_FALSE(breaker.is_open());
}

TEST(Breaker, FailuresFarApartDoNotOpenIt) {
  Breaker breaker;
  for (int i = 0; i < 50; ++i) EXPECT_FALSE(fail(breaker, kNow + i * 20));
  EXPECT_FALSE(breaker.is_open());
}

TEST(Breaker, LetsOneProbeThroughAtATimeAndWaitsLongerEachTime) {
  Breaker breaker = make_open();
  std::int64_t now = kNow;
  for (const int back_off : {1, 2, 4, 8, 16, 30, 30, 30}) {
    EXPECT_EQ(breaker.wait(now), back_off);
    EXPECT_EQ(breaker.wait(now + back_off - 1), 1);
    now += back_off;
    ASSERT_EQ(breaker.wait(now), 0);
    const std::uint64_t probe = breaker.begin(now);
    EXPECT_EQ(breaker.wait(now), 10);
    EXPECT_EQ(breaker.wait(now + 9), 1);
    EXPECT_FALSE(breaker.end(probe, false, now));
  }
}

TEST(Breaker, ClosesOnAnyAnswer) {
  Breaker breaker = make_open();
  const std::uint64_t probe = breaker.begin(kNow + 1);
  EXPECT_TRUE(breaker.end(probe, true, kNow + 1));
  EXPECT_FALSE(breaker.is_open());
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(fail(breaker, kNow + 2));
  EXPECT_TRUE(fail(breaker, kNow + 2));
  EXPECT_EQ(breaker.wait(kNow + 2), 1);  // the back-off began anew
}

TEST(Breaker, LoginsFromBeforeItOpenedOpenItNoFurther) {
  Breaker breaker;
  std::vector<std::uint64_t> numbers;
  for (int i = 0; i < 100; ++i) numbers.push_back(breaker.begin(kNow));
  int opened = 0;
  for (const std::uint64_t number : numbers) opened += breaker.end(number, false, kNow + 8) ? 1 : 0;
  EXPECT_EQ(opened, 1);
  EXPECT_EQ(breaker.wait(kNow + 8), 1);
}

TEST(Breaker, AProbeThatNeverEndsIsReplacedAndItsFailureForgotten) {
  Breaker breaker = make_open();
  const std::uint64_t lost = breaker.begin(kNow + 1);
  ASSERT_EQ(breaker.wait(kNow + 11), 0);
  const std::uint64_t probe = breaker.begin(kNow + 11);
  EXPECT_FALSE(breaker.end(lost, false, kNow + 12));
  EXPECT_EQ(breaker.wait(kNow + 12), 9);
  EXPECT_TRUE(breaker.end(probe, true, kNow + 12));
  EXPECT_FALSE(breaker.is_open());
}

TEST(Breaker, AClockSetBackDoesNotKeepItOpen) {
  Breaker breaker = make_open();
  EXPECT_EQ(breaker.wait(kNow - 3600), 0);
}

}  // namespace
}  // namespace portero
