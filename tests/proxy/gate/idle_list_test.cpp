// Whose place is given to a newcomer.
#include "proxy/gate/idle_list.h"

#include <gtest/gtest.h>

namespace portero {
namespace {

constexpr IdleList::Time kNow = IdleList::Time(std::chrono::hours(1));
constexpr IdleList::Time kLater = kNow + std::chrono::seconds(1);

TEST(IdleList, KnowsWhoHasBeenIdleLongest) {
  IdleList list;
  EXPECT_EQ(list.longest(kLater), std::nullopt);
  const IdleList::Place one = list.add(1, kNow);
  const IdleList::Place two = list.add(2, kNow);
  const IdleList::Place three = list.add(3, kNow);
  EXPECT_EQ(list.longest(kLater), 1U);
  list.set_idle(one, false, kNow);
  EXPECT_EQ(list.longest(kLater), 2U);
  list.set_idle(one, true, kNow);
  EXPECT_EQ(list.longest(kLater), 2U) << "the first is the last now";
  list.remove(two);
  EXPECT_EQ(list.longest(kLater), 3U);
  list.set_idle(three, false, kNow);
  EXPECT_EQ(list.longest(kLater), 1U);
  list.remove(one);
  EXPECT_EQ(list.longest(kLater), std::nullopt);
  list.remove(three);
  EXPECT_EQ(list.oldest(), IdleList::Time::max());
}

TEST(IdleList, GivesANewcomerASecondToBegin) {
  IdleList list;
  (void)list.add(1, kNow);
  EXPECT_EQ(list.longest(kLater - std::chrono::milliseconds(1)), std::nullopt);
  EXPECT_EQ(list.longest(kLater), 1U);
}

TEST(IdleList, CountsTheTimeFromTheLastRequest) {
  IdleList list;
  const IdleList::Place one = list.add(1, kNow);
  list.set_idle(one, false, kLater);
  list.set_idle(one, true, kLater);
  EXPECT_EQ(list.longest(kLater), std::nullopt);
  EXPECT_EQ(list.oldest(), kLater);
}

TEST(IdleList, TakesWhatItKnowsAlready) {
  IdleList list;
  const IdleList::Place one = list.add(1, kNow);
  list.set_idle(one, true, kNow);
  list.set_idle(one, false, kNow);
  list.set_idle(one, false, kNow);
  EXPECT_EQ(list.longest(kLater), std::nullopt);
}

}  // namespace
}  // namespace portero
