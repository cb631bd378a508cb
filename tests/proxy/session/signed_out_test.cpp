#include "proxy/session/signed_out.h"

#include <gtest/gtest.h>

namespace portero {
namespace {

TEST(SignedOut, RemembersUntilTheSessionWouldHaveExpired) {
  SignedOut list;
  list.add("a", 100, 10);
  EXPECT_TRUE(list.contains("a", 99));
  EXPECT_FALSE(list.contains("a", 100));
  EXPECT_FALSE(list.contains("b", 10));
}

TEST(SignedOut, MakesRoomByForgettingWhatExpiresFirst) {
  SignedOut list(2);
  list.add("late", 300, 10);
  list.add("early", 100, 10);
  list.add("middle", 200, 10);
  EXPECT_FALSE(list.contains("early", 11));
  EXPECT_TRUE(list.contains("middle", 11));
  EXPECT_TRUE(list.contains("late", 11));
}

TEST(SignedOut, TakesTheSameSessionTwice) {
  SignedOut list(2);
  list.add("a", 100, 10);
  list.add("a", 100, 10);
  list.add("b", 100, 10);
  EXPECT_TRUE(list.contains("a", 11));
  EXPECT_TRUE(list.contains("b", 11));
}

}  // namespace
}  // namespace portero
