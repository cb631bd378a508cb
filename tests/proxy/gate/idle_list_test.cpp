// Whose place is given to a newcomer.
#include "proxy/gate/idle_list.h"

#include <gtest/gtest.h>

namespace portero {
namespace {

constexpr IdleList::Time kFirst = IdleList::Time(std::chrono::hours(1));
constexpr IdleList::Time kASecondOn = kFirst + std::chrono::seconds(1);

TEST(IdleList, KnowsWhoHasBeenIdleLongest) {
  IdleList list;
  EXPECT_EQ(list.longest(kASecondOn), std::nullopt);
  const IdleList::Place one = list.add(1, kFirst);
  const IdleList::Place two = list.add(2, kFirst);
  const IdleList::Place three = list.add(3, kFirst);
  EXPECT_EQ(list.longest(kASecondOn), 1U);
  list.set_idle(one, false, kFirst);
  EXPECT_EQ(list.longest(kASecondOn), 2U);
  list.set_idle(one, true, kFirst);
  EXPECT_EQ(list.longest(kASecondOn), 2U) << "the first is the last now";
  list.remove(two);
  EXPECT_EQ(list.longest(kASecondOn), 3U);
  list.set_idle(three, false, kFirst);
  EXPECT_EQ(list.longest(kASecondOn), 1U);
  list.remove(one);
  EXPECT_EQ(list.longest(kASecondOn), std::nullopt);
  list.remove(three);
  EXPECT_EQ(list.oldest(), IdleList::Time::max());
}

TEST(IdleList, GivesANewcomerASecondToBegin) {
  IdleList list;
  (void)list.add(1, kFirst);
  EXPECT_EQ(list.longest(kASecondOn - std::chrono::milliseconds(1)), std::nullopt);
  EXPECT_EQ(list.longest(kASecondOn), 1U);
}

TEST(IdleList, CountsTheTimeFromTheLastRequest) {
  IdleList list;
  const IdleList::Place one = list.add(1, kFirst);
  list.set_idle(one, false, kASecondOn);
  list.set_idle(one, true, kASecondOn);
  EXPECT_EQ(list.longest(kASecondOn), std::nullopt);
  EXPECT_EQ(list.oldest(), kASecondOn);
}

TEST(IdleList, TakesWhatItKnowsAlready) {
  IdleList list;
  const IdleList::Place one = list.add(1, kFirst);
  list.set_idle(one, true, kFirst);
  list.set_idle(one, false, kFirst);
  list.set_idle(one, false, kFirst);
  EXPECT_EQ(list.longest(kASecondOn), std::nullopt);
}

}  // namespace
}  // namespace portero
