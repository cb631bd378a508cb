#include "proxy/base/http.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace portero {
namespace {

using nlohmann::json;

TEST(FindHeader, ComparesNamesWithoutCase) {
  const std::vector<Header> headers = {{"Retry-After", "7"}, {"retry-after", "8"}};
  ASSERT_NE(find_header(headers, "RETRY-AFTER"), nullptr);
  EXPECT_EQ(*find_header(headers, "RETRY-AFTER"), "7");
  EXPECT_EQ(find_header(headers, "Retry-Afte"), nullptr);
  EXPECT_EQ(find_header(headers, "Retry-After2"), nullptr);
}

TEST(Problem, HasTheSameFourFieldsForEveryErrorOfTheProxy) {
  for (const Error error : all_errors()) {
    if (http_status(error) == 0) continue;
    const Response problem = make_problem(error);
    EXPECT_EQ(problem.status, http_status(error));
    ASSERT_NE(find_header(problem.headers, "content-type"), nullptr);
    EXPECT_EQ(*find_header(problem.headers, "content-type"), "application/problem+json");
    EXPECT_EQ(find_header(problem.headers, "retry-after"), nullptr);
    const json body = json::parse(problem.body, nullptr, false);
    const json expected = {{"title", title(error)},
                           {"status", http_status(error)},
                           {"code", name(error)},
                           {"hint", hint(error)}};
    EXPECT_EQ(body, expected);
  }
}

TEST(Problem, RepeatsTheDelayInTheBody) {
  const Response problem = make_problem(Error::kOverloaded, 3);
  ASSERT_NE(find_header(problem.headers, "retry-after"), nullptr);
  EXPECT_EQ(*find_header(problem.headers, "retry-after"), "3");
  EXPECT_EQ(json::parse(problem.body, nullptr, false)["retry_after"], 3);
}

}  // namespace
}  // namespace portero
