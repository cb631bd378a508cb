// See raw_faults.h. Every fault ends when the peer leaves, when the server stops, or after a
// minute.
#include "tests/github/raw_faults.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "tests/github/peer.h"
#include "tests/github/raw_script.h"

namespace portero::stand_in {
namespace {

constexpr std::size_t kRequestMax = 128 * 1024;
/// Head and body, the body by Content-Length alone: the proxy sends no other.
std::optional<Call> read_request(const Peer& peer) {
  std::string text;
  std::size_t end = std::string::npos;
  while ((end = text.find("\r\n\r\n")) == std::string::npos) {
    if (text.size() > kRequestMax || !peer.read_some(text)) return std::nullopt;
  }
  std::optional<Call> call = read_head(std::string_view(text).substr(0, end));
  if (!call) return std::nullopt;
  const std::string length = header_of(*call, "Content-Length");
  std::size_t expected = 0;
  std::from_chars(length.data(), length.data() + length.size(), expected);
  expected = std::min(expected, kRequestMax);
  while (text.size() - end - 4 < expected) {
    if (!peer.read_some(text)) return std::nullopt;
  }
  call->body = text.substr(end + 4, expected);
  return call;
}

void play(const Peer& peer, const Script& script) {
  if (script.reset) return peer.reset_on_close();
  if (!peer.send_all(script.at_once)) return;
  for (std::size_t i = 0; i < script.repeats; ++i) {
    if (!peer.send_all(script.again)) return;
    if (script.pause_ms > 0) peer.linger(script.pause_ms);
  }
  if (!peer.send_all(script.at_last)) return;
  peer.linger(script.linger_ms);
}

}  // namespace

struct RawServer::Inside {
  int listener = -1;
  int port = 0;
  std::function<Reply(const Call&)> answer;
  std::atomic<bool> stopping = false;
  std::thread acceptor;
  std::mutex mutex;
  std::list<std::thread> connections;

  void serve(int socket) const {
    const Peer peer(socket, stopping);
    const auto call = read_request(peer);
    if (call) play(peer, make_script(answer(*call)));
  }

  void accept_all() {
    while (!stopping) {
      pollfd waiting{.fd = listener, .events = POLLIN, .revents = 0};
      if (poll(&waiting, 1, kSliceMs) <= 0) continue;
      const int socket = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
      if (socket < 0) continue;
      const std::lock_guard<std::mutex> lock(mutex);
      connections.emplace_back([this, socket] { serve(socket); });
    }
  }
};

RawServer::RawServer() : inside_(std::make_unique<Inside>()) {}
RawServer::~RawServer() { stop(); }
int RawServer::port() const { return inside_->port; }

std::unique_ptr<RawServer> RawServer::start(std::function<Reply(const Call&)> answer) {
  auto server = std::make_unique<RawServer>();
  Inside& inside = *server->inside_;
  inside.answer = std::move(answer);
  inside.listener = bind_loopback(inside.port);
  if (inside.listener < 0 || listen(inside.listener, SOMAXCONN) != 0) return nullptr;
  inside.acceptor = std::thread([&inside] { inside.accept_all(); });
  return server;
}

void RawServer::stop() {
  inside_->stopping = true;
  if (inside_->acceptor.joinable()) inside_->acceptor.join();
  for (std::thread& one : inside_->connections) one.join();
  inside_->connections.clear();
  if (inside_->listener >= 0) close(inside_->listener);
  inside_->listener = -1;
}

}  // namespace portero::stand_in
