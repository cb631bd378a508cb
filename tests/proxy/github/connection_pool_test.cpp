// Which connections outlive their calls.
#include "proxy/github/connection_pool.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "proxy/github/client.h"
#include "tests/github/peer.h"

namespace portero {
namespace {

constexpr int kGuardMs = 20000;  // against hanging, not a measurement
constexpr std::string_view kReplyBytes = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
constexpr int kFew = 16;

/// Answers nobody until all have asked.
class PatientServer {
 public:
  PatientServer() : listener_(stand_in::bind_loopback(port_)) { listen(listener_, 64); }
  ~PatientServer() { close(listener_); }
  PatientServer(const PatientServer&) = delete;
  PatientServer& operator=(const PatientServer&) = delete;

  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(port_) + "/";
  }

  /// Takes a connection from each of so many and hears them out, then answers them.
  void serve(int count) {
    for (int i = 0; i < count; ++i) {
      peers_.push_back(std::make_unique<stand_in::Peer>(
          accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC), no_));
      hear(*peers_.back());
    }
    for (const auto& peer : peers_) ASSERT_TRUE(peer->send_all(kReplyBytes));
  }

  static void hear(const stand_in::Peer& peer) {
    for (std::string text; text.find("\r\n\r\n") == std::string::npos;) {
      ASSERT_TRUE(peer.read_some(text));
    }
  }

  /// Whether each of them ends.
  [[nodiscard]] bool sees_all_end() const {
    std::string nothing;
    return std::all_of(peers_.begin(), peers_.end(), [&nothing](const auto& peer) {
      return peer->wait(POLLIN, kGuardMs) && !peer->read_some(nothing);
    });
  }

  /// Whether the first of them that is not silent asks again; it is answered.
  [[nodiscard]] bool is_asked_again() const {
    std::vector<pollfd> waiting;
    for (const auto& peer : peers_) {
      waiting.push_back({.fd = peer->socket(), .events = POLLIN, .revents = 0});
    }
    if (poll(waiting.data(), waiting.size(), kGuardMs) <= 0) return false;
    const auto first = std::find_if(waiting.begin(), waiting.end(),
                                    [](const pollfd& one) { return one.revents != 0; });
    const stand_in::Peer& peer = *peers_[static_cast<std::size_t>(first - waiting.begin())];
    std::string request;
    return peer.read_some(request) && peer.send_all(kReplyBytes);
  }

 private:
  const std::atomic<bool> no_ = false;
  int port_ = 0;
  int listener_;
  std::vector<std::unique_ptr<stand_in::Peer>> peers_;
};

class ConnectionPoolOverHttp1 : public ::testing::Test {
 protected:
  /// Calls at once, each on a connection of its own, and waits for the answers.
  void call_at_once(int count) {
    begin(count);
    server.serve(count);
    wait_for_answers();
  }

  void begin(int count) {
    under_way += count;
    ASSERT_TRUE(upstream.post([this, count] {
      for (int i = 0; i < count; ++i) begin_call();
    }));
  }

  void begin_call() {
    client.begin_login()({.method = "GET", .url = server.url(), .headers = {}, .body = {}},
                         [this](const Result<UpstreamReply>& reply) {
                           EXPECT_TRUE(reply);
                           --under_way;
                         });
  }

  void wait_for_answers() const {
    while (under_way > 0) std::this_thread::yield();
  }

  std::atomic<int> under_way = 0;
  PatientServer server;
  UpstreamThread upstream;
  GithubClient client{
      upstream, {}, {.fresh = std::chrono::milliseconds(10), .idle = std::chrono::hours(1)}};
};

TEST_F(ConnectionPoolOverHttp1, ClosesTheConnectionsOfACrowdThatHasGone) {
  call_at_once(kFew + 1);
  EXPECT_TRUE(server.sees_all_end());
}

TEST_F(ConnectionPoolOverHttp1, KeepsTheConnectionsOfAFew) {
  call_at_once(kFew);
  std::this_thread::sleep_for(std::chrono::milliseconds(300));  // longer than a crowd has
  begin(1);
  EXPECT_TRUE(server.is_asked_again());
  wait_for_answers();
}

}  // namespace
}  // namespace portero
