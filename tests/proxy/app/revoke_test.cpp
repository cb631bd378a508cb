#include "proxy/app/revoke.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/proxy/app/at_once.h"
#include "tests/proxy/captured_stderr.h"

namespace portero {
namespace {

using namespace std::chrono_literals;

class Revoke : public ::testing::Test {
 protected:
  /// GitHub gives these replies in turn; returns how often it was asked.
  int ask(const std::vector<Result<UpstreamReply>>& replies) {
    int asked = 0;
    const After at_once_too = [this](std::chrono::milliseconds pause,
                                     const std::function<void()>& work) {
      pauses.push_back(pause);
      work();
    };
    revoke({.request = {.method = "DELETE", .url = {}, .headers = {}, .body = {}},
            .fetch = at_once([&](const UpstreamRequest&) {
              return replies.at(static_cast<std::size_t>(asked++));
            }),
            .after = at_once_too,
            .request_id = "id",
            .metrics = metrics},
           [this] { ++ended; });
    return asked;
  }
  static UpstreamReply says(int status) { return {.status = status, .headers = {}, .body = {}}; }
  [[nodiscard]] bool has_failed() const {
    return metrics.text().find("portero_revocations_failed_total 1") != std::string::npos;
  }

  Metrics metrics;
  std::vector<std::chrono::milliseconds> pauses;
  int ended = 0;
};

TEST_F(Revoke, AsksOnceWhenThatIsEnough) {
  EXPECT_EQ(ask({says(204)}), 1);
  EXPECT_TRUE(pauses.empty());
  EXPECT_EQ(ended, 1);
}

TEST_F(Revoke, TriesThreeTimesWithAPauseBetween) {
  EXPECT_EQ(ask({says(500), Error::kUpstreamUnreachable, says(204)}), 3);
  EXPECT_EQ(pauses, (std::vector{250ms, 1000ms}));
  EXPECT_EQ(ended, 1);
  EXPECT_FALSE(has_failed());
}

TEST_F(Revoke, TellsTheOperatorWhenAllTriesFail) {
  const CapturedStderr log;
  EXPECT_EQ(ask({says(500), says(500), Error::kUpstreamTimeout}), 3);
  EXPECT_EQ(ended, 1);
  EXPECT_TRUE(has_failed());
}

}  // namespace
}  // namespace portero
