#include "proxy/telemetry/log_limit.h"

#include <gtest/gtest.h>

namespace portero {
namespace {

using std::chrono::milliseconds;

int admitted(LogLimit& limit, std::string_view kind, int lines, milliseconds now) {
  int count = 0;
  for (int i = 0; i < lines; ++i) count += limit.admit(kind, now) ? 1 : 0;
  return count;
}

TEST(LogLimit, AdmitsSoManyOfAKindASecond) {
  LogLimit limit(3);
  EXPECT_EQ(admitted(limit, "a", 10, milliseconds(5000)), 3);
  EXPECT_EQ(admitted(limit, "a", 10, milliseconds(5999)), 0);
  EXPECT_EQ(admitted(limit, "a", 10, milliseconds(6000)), 3);
}

TEST(LogLimit, KeepsKindsApart) {
  LogLimit limit(1);
  EXPECT_TRUE(limit.admit("a", milliseconds(0)));
  EXPECT_TRUE(limit.admit("b", milliseconds(0)));
  EXPECT_FALSE(limit.admit("a", milliseconds(0)));
}

TEST(LogLimit, TellsOnceWhatASecondHeldBackWhenItIsOver) {
  LogLimit limit(2);
  EXPECT_EQ(admitted(limit, "a", 7, milliseconds(100)), 2);
  EXPECT_EQ(admitted(limit, "b", 2, milliseconds(100)), 2);
  EXPECT_TRUE(limit.take_held_back(milliseconds(1099)).empty());
  const auto told = limit.take_held_back(milliseconds(1100));
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].kind, "a");
  EXPECT_EQ(told[0].lines, 5U);
  EXPECT_TRUE(limit.take_held_back(milliseconds(9000)).empty());
}

/// Written and told together are what came, however it came.
TEST(LogLimit, LosesCountOfNothing) {
  LogLimit limit(10);
  std::uint64_t seen = 0;
  std::uint64_t came = 0;
  for (int ms = 0; ms < 20000; ms += 7) {
    for (int n = 0; n <= ms % 5; ++n, ++came) {
      if (limit.admit("a", milliseconds(ms))) ++seen;
    }
    for (const auto& held_back : limit.take_held_back(milliseconds(ms))) seen += held_back.lines;
  }
  for (const auto& held_back : limit.take_held_back(milliseconds(30000))) seen += held_back.lines;
  EXPECT_EQ(seen, came);
}

}  // namespace
}  // namespace portero
