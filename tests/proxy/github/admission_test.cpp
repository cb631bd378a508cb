#include "proxy/github/admission.h"

#include <gtest/gtest.h>

namespace portero {
namespace {

constexpr std::size_t kPerHour = 40;

class Admitted : public ::testing::Test {
 protected:
  Admission::Verdict ask(std::int64_t subject = 0, std::string_view client_id = "id") {
    return admission.ask({.client_id = client_id, .subject = subject, .per_hour = kPerHour});
  }
  /// What it says, "" for yes; a login that is let through ends with `end`.
  std::string_view try_one(std::int64_t subject = 0, std::optional<Error> end = std::nullopt,
                           std::string_view client_id = "id") {
    const Admission::Verdict verdict = ask(subject, client_id);
    if (verdict.refused) {
      EXPECT_GT(verdict.retry_after, 0);
      return name(*verdict.refused);
    }
    admission.ended(verdict, end);
    return "";
  }
  int passed(int tries, std::int64_t subject = 0) {
    int good = 0;
    for (int i = 0; i < tries; ++i) good += try_one(subject).empty() ? 1 : 0;
    return good;
  }

  std::int64_t now = 1000000;
  Admission admission{[this] { return now; }};
};

TEST_F(Admitted, StrangersHaveThreeQuartersOfTheHour) {
  EXPECT_EQ(passed(1000), 30);
  EXPECT_EQ(try_one(), "rate_limited");
  EXPECT_EQ(try_one(0, {}, "other"), "");  // another app has an hour of its own
  const int wait = ask().retry_after;
  EXPECT_LE(wait, 3660);
  now += wait;
  EXPECT_EQ(try_one(), "");
}

TEST_F(Admitted, WhoWasHereBeforeHasTheQuarterThatIsKept) {
  EXPECT_EQ(passed(1000), 30);
  EXPECT_EQ(passed(1000, 7), 10);
  EXPECT_EQ(try_one(7), "rate_limited");
  EXPECT_EQ(try_one(8), "rate_limited");  // the hour's all is gone
  now += 3660;
  EXPECT_EQ(passed(1000), 30);
}

TEST_F(Admitted, OnePersonDoesNotUseUpWhatIsKeptForAll) {
  const auto ask_big = [this](std::int64_t subject) {
    const Admission::Login login{.client_id = "id", .subject = subject, .per_hour = 400};
    const Admission::Verdict verdict = admission.ask(login);
    if (!verdict.refused) admission.ended(verdict, std::nullopt);
    return !verdict.refused;
  };
  for (int i = 0; i < 300; ++i) EXPECT_TRUE(ask_big(7));  // open to all: costs nobody's own
  int of_one = 0;
  for (int i = 0; i < 100; ++i) of_one += ask_big(7) ? 1 : 0;
  EXPECT_EQ(of_one, 10);
  EXPECT_TRUE(ask_big(8));
  EXPECT_FALSE(ask_big(0));
}

TEST_F(Admitted, SaysAtOnceThatGithubIsGoneAndNoticesItsReturn) {
  for (const Error error : {Error::kUpstreamUnreachable, Error::kUpstreamTimeout,
                            Error::kUpstreamTls, Error::kUpstreamTimeout, Error::kUpstreamTls}) {
    EXPECT_EQ(try_one(0, error), "");
  }
  EXPECT_EQ(try_one(), "upstream_unreachable");
  EXPECT_EQ(try_one(0, {}, "other"), "upstream_unreachable");  // one GitHub for all
  ++now;
  const Admission::Verdict probe = ask();
  EXPECT_FALSE(probe.refused);
  EXPECT_EQ(try_one(), "upstream_unreachable");  // one at a time
  admission.ended(probe, Error::kUpstreamTimeout);
  EXPECT_EQ(ask().retry_after, 2);
  now += 2;
  EXPECT_EQ(try_one(0, Error::kCodeRejected), "");  // an answer, if not the one hoped for
  EXPECT_EQ(passed(10), 10);
}

TEST_F(Admitted, WhatIsNotSentCostsNothing) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(try_one(0, Error::kUpstreamUnreachable), "");
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(try_one(), "upstream_unreachable");
  ++now;
  EXPECT_EQ(passed(1000), 30 - 5);
}

TEST_F(Admitted, WaitsAsLongAsGithubSaid) {
  admission.pause("id", 90);
  admission.pause("id", 10);  // no shorter
  EXPECT_EQ(ask().refused, Error::kUpstreamRateLimited);
  EXPECT_EQ(ask().retry_after, 90);
  EXPECT_EQ(try_one(0, {}, "other"), "");
  now += 89;
  EXPECT_EQ(ask().retry_after, 1);
  now += 1;
  EXPECT_EQ(try_one(), "");
}

}  // namespace
}  // namespace portero
