#include "wasm/return_to.h"

#include <gtest/gtest.h>

#include "tests/wasm/vectors.h"

namespace portero {
namespace {

TEST(ReturnTo, AllowsAnyPlaceOnThePageItself) {
  const nlohmann::json accepted = read_vectors("return_to.json")["accepted"];
  for (const nlohmann::json& line : accepted) {
    EXPECT_TRUE(is_return_to(line.get<std::string>())) << line;
  }
}

TEST(ReturnTo, RefusesAHundredWaysToLeaveIt) {
  const nlohmann::json refused = read_vectors("return_to.json")["refused"];
  EXPECT_GE(refused.size(), 100U);
  for (const nlohmann::json& line : refused) {
    EXPECT_FALSE(is_return_to(line.get<std::string>())) << line;
  }
}

}  // namespace
}  // namespace portero
