// A gate on a port of its own and a blocking client that sends exact bytes: what tests of the gate
// need, and nothing that hides a byte.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "proxy/app/routes.h"
#include "proxy/gate/gate.h"

namespace portero {

inline constexpr std::string_view kOrigin = "https://page.example";

inline const std::string kGet =
    "GET /v1/session HTTP/1.1\r\nHost: p\r\nOrigin: https://page.example\r\n";

/// A request that the login lane answers.
inline const std::string kLogin =
    "POST /v1/session HTTP/1.1\r\nHost: p\r\nOrigin: https://page.example\r\n\r\n";

inline Settings make_settings() {
  Settings settings;
  settings.listen = "127.0.0.1:0";
  return settings;
}

/// For tests in which one connection's answer says that another's request has been seen.
inline Settings make_one_loop() {
  Settings settings = make_settings();
  settings.limits.loops = 1;
  return settings;
}

/// Answers a request that has a route.
using Answerer = Serve;

inline GateConfig make_config(Answerer answerer, const Settings& settings = make_settings(),
                              FileMap files = {}) {
  return {.limits = settings.limits,
          .trusted_proxies = settings.trusted_proxies,
          .origins = {std::string(kOrigin)},
          .files = std::make_shared<const FileMap>(std::move(files)),
          .serve = std::move(answerer)};
}

inline GateConfigPointer share(GateConfig config) {
  return std::make_shared<const GateConfig>(std::move(config));
}

/// A port that the system chooses.
inline Listening anywhere() { return {.visitors = "127.0.0.1:0"}; }

/// Where a login may block, unlike in the program: each has a thread of its own.
inline bool run_apart(std::function<void()> work) {
  std::thread(std::move(work)).detach();
  return true;
}

/// Runs a gate until it goes out of scope.
class RunningGate {
 public:
  explicit RunningGate(Answerer answerer, const Settings& settings = make_settings(),
                       FileMap files = {})
      : RunningGate(make_config(std::move(answerer), settings, std::move(files))) {}
  explicit RunningGate(GateConfig config, Listening listening = anywhere(),
                       GateHooks hooks = {.routes = routes()}) {
    if (!hooks.post) hooks.post = run_apart;
    auto gate = Gate::open(share(std::move(config)), std::move(hooks), std::move(listening));
    if (!gate) std::abort();
    gate_ = std::move(*gate);
    thread_ = std::thread([this] { gate_->run(); });
  }
  ~RunningGate() { stop(); }
  RunningGate(const RunningGate&) = delete;
  RunningGate& operator=(const RunningGate&) = delete;

  [[nodiscard]] int port() const { return gate_->port(); }
  [[nodiscard]] Gate& gate() const { return *gate_; }
  /// Returns when everything has ended.
  void stop() {
    gate_->stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::unique_ptr<Gate> gate_;
  std::thread thread_;
};

class RawClient {
 public:
  explicit RawClient(int port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) std::abort();
  }
  ~RawClient() { leave(); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  void send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  /// One answer, by its Content-Length; what came of it when the connection ends before.
  std::string read_answer(bool has_body = true) {
    while (true) {
      const std::size_t end = buffer_.find("\r\n\r\n");
      if (end != std::string::npos) {
        const std::size_t at = buffer_.find("Content-Length: ");
        const bool has_length = has_body && at < end;
        const std::size_t size =
            end + 4 + (has_length ? std::stoul(buffer_.substr(at + 16, 20)) : 0);
        if (buffer_.size() >= size) return take(size);
      }
      if (!receive()) return take(buffer_.size());
    }
  }

  /// Everything until the other side closes.
  std::string read_all() {
    while (receive()) {
    }
    return take(buffer_.size());
  }

  void end_sending() const { ::shutdown(fd_, SHUT_WR); }
  void leave() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  bool receive() {
    char bytes[4096];
    const ssize_t got = ::recv(fd_, bytes, sizeof bytes, 0);
    if (got <= 0) return false;
    buffer_.append(bytes, static_cast<std::size_t>(got));
    return true;
  }
  std::string take(std::size_t size) {
    std::string taken = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return taken;
  }

  int fd_;
  std::string buffer_;
};

/// Sends, and reads until the gate closes or one answer is there.
inline std::string ask(int port, std::string_view bytes) {
  RawClient client(port);
  client.send(bytes);
  return client.read_answer();
}

inline bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

inline int count(const std::string& text, std::string_view part) {
  int found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

/// Answers 200 with the target as body.
inline void echo_target(const Request& request, const Deliver& deliver) {
  deliver({.status = 200, .headers = {{"Content-Type", "text/plain"}}, .body = request.target});
}

}  // namespace portero
