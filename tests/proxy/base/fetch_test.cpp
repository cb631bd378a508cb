#include "proxy/base/fetch.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace portero {
namespace {

UpstreamRequest get(std::string url) {
  return {.method = "GET", .url = std::move(url), .headers = {}, .body = {}};
}

Result<UpstreamReply> say(std::string body) {
  return UpstreamReply{.status = 200, .headers = {}, .body = std::move(body)};
}

/// A GitHub that answers when the test says so.
struct Later {
  std::vector<std::string> asked;
  std::vector<Then> waiting;

  Fetch fetch() {
    return [this](const UpstreamRequest& request, Then then) {
      asked.push_back(request.url);
      waiting.push_back(std::move(then));
    };
  }
};

TEST(FetchAll, BeginsAllAtOnceAndGivesTheRepliesInOrder) {
  Later github;
  std::vector<Result<UpstreamReply>> got;
  fetch_all(github.fetch(), {get("a"), get("b"), get("c")},
            [&](std::vector<Result<UpstreamReply>> replies) { got = std::move(replies); });
  EXPECT_EQ(github.asked, (std::vector<std::string>{"a", "b", "c"}));
  github.waiting.at(2)(say("C"));
  github.waiting.at(0)(say("A"));
  EXPECT_TRUE(got.empty());
  github.waiting.at(1)(say("B"));
  ASSERT_EQ(got.size(), 3U);
  EXPECT_EQ(got.at(0)->body + got.at(1)->body + got.at(2)->body, "ABC");
}

TEST(FetchAll, LetsTheOthersEndWhenOneFails) {
  Later github;
  std::vector<Result<UpstreamReply>> got;
  fetch_all(github.fetch(), {get("a"), get("b")},
            [&](std::vector<Result<UpstreamReply>> replies) { got = std::move(replies); });
  github.waiting.at(0)(Error::kUpstreamTls);
  EXPECT_TRUE(got.empty());
  github.waiting.at(1)(say("B"));
  ASSERT_EQ(got.size(), 2U);
  ASSERT_FALSE(got.at(0));
  EXPECT_EQ(got.at(0).error(), Error::kUpstreamTls);
  EXPECT_EQ(got.at(1)->body, "B");
}

TEST(FetchAll, HoldsNothingOnceItHasEnded) {
  const auto held = std::make_shared<int>(0);
  Later github;
  fetch_all(github.fetch(), {get("a"), get("b")}, [held](const auto& /*replies*/) {});
  EXPECT_GT(held.use_count(), 1);
  github.waiting.at(0)(say("A"));
  github.waiting.clear();  // the other never comes: its thread ends
  EXPECT_EQ(held.use_count(), 1);
}

TEST(FetchTwice, AsksOnceMoreForWhatWasLost) {
  for (const Error lost : {Error::kUpstreamUnreachable, Error::kUpstreamTimeout}) {
    Later github;
    std::optional<Result<UpstreamReply>> got;
    fetch_twice(github.fetch(), get("a"), [&](Result<UpstreamReply> reply) { got = reply; });
    github.waiting.at(0)(lost);
    ASSERT_EQ(github.waiting.size(), 2U);
    EXPECT_FALSE(got);
    github.waiting.at(1)(lost);
    ASSERT_TRUE(got);
    EXPECT_EQ(got->error(), lost);
  }
}

TEST(FetchTwice, TakesAnAnswerAsItIs) {
  for (const Result<UpstreamReply>& answer :
       {say("A"), Result<UpstreamReply>(Error::kUpstreamTls),
        Result<UpstreamReply>(Error::kUpstreamInvalid),
        Result<UpstreamReply>(UpstreamReply{.status = 500, .headers = {}, .body = {}})}) {
    Later github;
    bool is_told = false;
    fetch_twice(github.fetch(), get("a"), [&](const Result<UpstreamReply>&) { is_told = true; });
    github.waiting.at(0)(answer);
    EXPECT_TRUE(is_told);
    EXPECT_EQ(github.waiting.size(), 1U);
  }
}

}  // namespace
}  // namespace portero
