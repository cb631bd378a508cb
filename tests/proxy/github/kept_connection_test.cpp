// A code is sent at most once, also over a connection that was kept: GitHub as a few lines of
// script, which ends connections at the worst moments, over plain TCP and over TLS.
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <thread>
#include <vector>

#include "proxy/github/client.h"
#include "tests/github/peer.h"
#include "tests/github/tls_front.h"

namespace portero {
namespace {

/// What becomes of one request: the connection ends when all of it has come, or no more is said
/// once its head has come, or it is answered.
enum class Act { kClose, kReset, kMuteAfterHead, kAnswer, kAnswerAndClose };

constexpr int kBodySize = 300;

/// Takes connections one after the other and requests as they come.
class ScriptedServer {
 public:
  explicit ScriptedServer(std::vector<Act> acts) : acts_(std::move(acts)) {
    listener_ = stand_in::bind_loopback(port_);
    listen(listener_, 16);
    thread_ = std::thread([this] { serve(); });
  }
  ~ScriptedServer() {
    stopping_ = true;
    thread_.join();
    close(listener_);
  }
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] int connections() const { return connections_; }
  [[nodiscard]] int ended() const { return ended_; }
  /// Bytes of bodies that have come, over all connections.
  [[nodiscard]] int said() const { return said_; }

 private:
  void serve() {
    while (!stopping_) {
      pollfd waiting{.fd = listener_, .events = POLLIN, .revents = 0};
      if (poll(&waiting, 1, stand_in::kSliceMs) <= 0) continue;
      const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      ++connections_;
      talk(stand_in::Peer(socket, stopping_));
      ++ended_;
    }
  }

  void talk(const stand_in::Peer& peer) {
    for (std::string text; read_head(peer, text);) {
      text.erase(0, text.find("\r\n\r\n") + 4);
      const Act act = next_ < acts_.size() ? acts_[next_++] : Act::kAnswer;
      if (act == Act::kMuteAfterHead) shutdown(peer.socket(), SHUT_WR);
      read_body(peer, text);
      if (act == Act::kReset) peer.reset_on_close();
      if (act < Act::kAnswer) return;
      peer.send_all("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
      if (act == Act::kAnswerAndClose) return;
      text.erase(0, kBodySize);
    }
  }

  static bool read_head(const stand_in::Peer& peer, std::string& text) {
    while (text.find("\r\n\r\n") == std::string::npos) {
      if (!peer.read_some(text)) return false;
    }
    return true;
  }

  /// Also what comes of one that stays incomplete counts.
  void read_body(const stand_in::Peer& peer, std::string& text) {
    while (text.size() < kBodySize && peer.read_some(text)) continue;
    said_ += static_cast<int>(text.size());
  }

  const std::vector<Act> acts_;
  std::size_t next_ = 0;
  int port_ = 0;
  int listener_ = -1;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> connections_ = 0;
  std::atomic<int> ended_ = 0;
  std::atomic<int> said_ = 0;
  std::thread thread_;
};

class KeptConnection : public ::testing::TestWithParam<bool> {
 protected:
  /// `acts`: what becomes of the first, the second, … request; the rest are answered. `fresh`: how
  /// long a connection carries a code after the one before.
  void start(std::vector<Act> acts, std::chrono::milliseconds fresh = std::chrono::hours(1)) {
    server = std::make_unique<ScriptedServer>(std::move(acts));
    url = "http://127.0.0.1:" + std::to_string(server->port()) + "/";
    GithubSettings settings;
    if (GetParam()) start_tls(settings);
    client = std::make_unique<GithubClient>(upstream, settings, GithubTimes{.fresh = fresh});
  }
  void TearDown() override {
    client.reset();
    if (front) front->stop();
    server.reset();
    if (!settings_file.empty()) unlink(settings_file.c_str());
  }

  Result<UpstreamReply> post() {
    const std::string body(kBodySize, 'c');
    return client->begin_waiting()({.method = "POST", .url = url, .headers = {}, .body = body});
  }

  void wait_for_the_end(int of) const {
    while (server->ended() < of || (front && front->open_connections() > 0)) {
      std::this_thread::yield();
    }
  }

  UpstreamThread upstream;
  std::unique_ptr<ScriptedServer> server;
  std::unique_ptr<GithubClient> client;

 private:
  void start_tls(GithubSettings& settings) {
    const auto authority = stand_in::make_self_signed({.common_name = "authority"}, true);
    front = stand_in::TlsFront::start(authority, server->port(),
                                      {.next_fault = [] { return std::string(); },
                                       .heard = [](std::string_view, std::size_t) {}});
    url = "https://127.0.0.1:" + std::to_string(front->port()) + "/";
    settings_file = ::testing::TempDir() + "authority-" + std::to_string(getpid()) + ".pem";
    std::ofstream(settings_file) << stand_in::to_pem(authority);
    settings.ca_file = settings_file;
  }

  std::unique_ptr<stand_in::TlsFront> front;
  std::string url;
  std::string settings_file;
};

TEST_P(KeptConnection, CarriesTheNextCode) {
  start({});
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(post());
  EXPECT_EQ(server->said(), 5 * kBodySize);
  EXPECT_EQ(server->connections(), 1);
}

TEST_P(KeptConnection, ThatMayHaveEndedMeanwhileCarriesNoCode) {
  start({Act::kAnswerAndClose, Act::kAnswerAndClose}, std::chrono::milliseconds(0));
  for (int i = 1; i <= 3; ++i) {
    ASSERT_TRUE(post());
    EXPECT_EQ(server->connections(), i);
  }
}

TEST_P(KeptConnection, ThatEndsUnderACodeDoesNotPassItToAnother) {
  for (const Act end : {Act::kClose, Act::kReset}) {
    start({Act::kAnswer, end});
    ASSERT_TRUE(post());
    const Result<UpstreamReply> lost = post();
    ASSERT_FALSE(lost) << static_cast<int>(end);
    EXPECT_EQ(lost.error(), Error::kUpstreamUnreachable) << static_cast<int>(end);
    EXPECT_TRUE(post());  // the next code finds a new connection
    EXPECT_EQ(server->said(), 3 * kBodySize) << static_cast<int>(end);
    TearDown();
  }
}

// Whether the code had left when the end came is a race: then it is lost, else it is sent now.
TEST_P(KeptConnection, ThatGoesSilentBeforeTheCodeGetsAtMostOne) {
  start({Act::kAnswer, Act::kMuteAfterHead});
  ASSERT_TRUE(post());
  const Result<UpstreamReply> second = post();
  if (!second) {
    EXPECT_EQ(second.error(), Error::kUpstreamUnreachable);
  }
  EXPECT_TRUE(post());
  EXPECT_LE(server->said(), 3 * kBodySize);
}

TEST_P(KeptConnection, ThatHasEndedIsNotUsed) {
  start({Act::kAnswerAndClose, Act::kAnswerAndClose});
  for (int i = 1; i <= 3; ++i) {
    const Result<UpstreamReply> reply = post();
    ASSERT_TRUE(reply) << name(reply.error());
    EXPECT_EQ(server->said(), i * kBodySize);
    EXPECT_EQ(server->connections(), i);
    if (i < 3) wait_for_the_end(i);
  }
}

INSTANTIATE_TEST_SUITE_P(Over, KeptConnection, ::testing::Bool(),
                         [](const auto& which) { return which.param ? "Tls" : "PlainTcp"; });

}  // namespace
}  // namespace portero
