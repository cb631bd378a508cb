#include "proxy/site/left_out.h"

#include <gtest/gtest.h>

namespace portero {
namespace {

TEST(LeftOut, TellsEveryKindInOneLineThatALogCanHold) {
  LeftOut left_out;
  constexpr int kKinds = static_cast<int>(LeftOutReason::kLoneCoding) + 1;
  for (int kind = 0; kind < kKinds; ++kind) {
    for (int i = 0; i < 20'000; ++i) {
      left_out.add(static_cast<LeftOutReason>(kind), std::string(40, '\x01') + std::to_string(i));
    }
  }
  const std::vector<Problem> problems = left_out.problems();
  EXPECT_EQ(problems.size(), static_cast<std::size_t>(kKinds));
  for (const Problem& problem : problems) {
    EXPECT_EQ(problem.key, "static_dir");
    EXPECT_FALSE(problem.fix.empty());
    EXPECT_LE(problem.text().size(), 256U) << problem.text();
    EXPECT_NE(problem.text().find(" and 19997 more"), std::string::npos) << problem.text();
    for (const char c : problem.text()) EXPECT_TRUE(c >= ' ' && c <= '~');
  }
}

TEST(LeftOut, SaysNothingOfNothing) { EXPECT_TRUE(LeftOut().problems().empty()); }

}  // namespace
}  // namespace portero
