// See raw_faults.h. Every fault ends when the peer leaves, when the server stops, or after a
// minute.
#include "tests/github/raw_faults.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "tests/github/raw_script.h"

namespace portero::stand_in {
namespace {

constexpr std::size_t kRequestMax = 128 * 1024;
constexpr int kSliceMs = 20;

/// One accepted socket. Closes it; knows when everybody has to go home.
class Peer {
 public:
  Peer(int socket, const std::atomic<bool>& stopping) : socket_(socket), stopping_(stopping) {}
  ~Peer() { close(socket_); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  [[nodiscard]] bool wait(short event, int milliseconds) const {
    for (int spent = 0; spent < milliseconds && !stopping_; spent += kSliceMs) {
      pollfd waiting{.fd = socket_, .events = event, .revents = 0};
      if (poll(&waiting, 1, kSliceMs) > 0) return (waiting.revents & event) != 0;
    }
    return false;
  }

  bool send_all(std::string_view text) const {
    while (!text.empty()) {
      if (!wait(POLLOUT, 10'000)) return false;
      const ssize_t sent = send(socket_, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  [[nodiscard]] bool read_some(std::string& into) const {
    std::array<char, 16 * 1024> buffer{};
    if (!wait(POLLIN, 10'000)) return false;
    const ssize_t got = recv(socket_, buffer.data(), buffer.size(), 0);
    if (got <= 0) return false;
    into.append(buffer.data(), static_cast<std::size_t>(got));
    return true;
  }

  /// Stays until the peer goes away.
  void linger(int milliseconds) const {
    std::string ignored;
    for (int spent = 0; spent < milliseconds && !stopping_; spent += kSliceMs) {
      pollfd waiting{.fd = socket_, .events = POLLIN, .revents = 0};
      if (poll(&waiting, 1, kSliceMs) > 0 && !read_some(ignored)) return;
    }
  }

  void reset_on_close() const {
    const linger_option option{.l_onoff = 1, .l_linger = 0};
    setsockopt(socket_, SOL_SOCKET, SO_LINGER, &option, sizeof option);
  }

 private:
  using linger_option = struct ::linger;
  int socket_;
  const std::atomic<bool>& stopping_;
};

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
  inside.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  if (inside.listener < 0 || bind(inside.listener, generic, size) != 0 ||
      listen(inside.listener, SOMAXCONN) != 0 ||
      getsockname(inside.listener, generic, &size) != 0) {
    return nullptr;
  }
  inside.port = ntohs(address.sin_port);
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
