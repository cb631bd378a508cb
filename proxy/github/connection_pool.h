// The connections to one host and the calls that use them, by libcurl's multi interface on the
// upstream thread. Over HTTP/1.1 a call has a connection to itself; over HTTP/2 (TLS, by ALPN) 32
// share one.
//
// libcurl would open a connection for each call that comes before the first one is known to take
// many. So calls wait here: until the host's protocol is known one goes alone; with HTTP/2 a
// connection is opened for each 32 that find no room. What is said is transfer.h's matter.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "proxy/github/connections.h"
#include "proxy/github/transfer.h"
#include "proxy/github/upstream_thread.h"

namespace portero {

/// Waiting times; the defaults are the product's.
struct GithubTimes {
  std::chrono::milliseconds login = std::chrono::seconds(8);       // all calls of one login
  std::chrono::milliseconds connect = std::chrono::seconds(3);     // of them, each connection
  std::chrono::milliseconds revocation = std::chrono::seconds(5);  // all tries of one
  // A kept connection carries a code only this long after the answer before. Servers end an idle
  // one after two seconds or more, and a code that crosses such an end is lost.
  std::chrono::milliseconds fresh = std::chrono::seconds(1);
  // Then all connections are closed; more than 16 after a crowd once they are not fresh.
  std::chrono::milliseconds idle = std::chrono::seconds(30);
};

/// For the upstream thread, or for any once that has finished.
class ConnectionPool {
 public:
  using Clock = UpstreamThread::Clock;
  using Ended = std::function<void(Transfer&, CURLcode)>;

  /// `connections`: the most over HTTP/2; `is_http2`: that it will be spoken is known.
  /// REQUIRES: `thread` outlives the pool.
  ConnectionPool(UpstreamThread& thread, const GithubTimes& times, std::size_t connections,
                 bool is_http2);
  ~ConnectionPool();
  ConnectionPool(const ConnectionPool&) = delete;
  ConnectionPool& operator=(const ConnectionPool&) = delete;

  /// Performs it, at the latest until `deadline`, then calls `ended` once. REQUIRES: it is whole.
  void add(std::unique_ptr<Transfer> transfer, Clock::time_point deadline, Ended ended);

  /// Whether new calls should go to another pool: over HTTP/2 one of its connections has carried as
  /// many as it may. libcurl 7.88 resets a stream once its end has ended the answer, and servers
  /// that count resets end such a connection after a thousand, with the codes that are on their way
  /// (findings/libcurl-resets-finished-streams.sh).
  [[nodiscard]] bool is_worn() const { return is_worn_; }

  /// Whether it has no call.
  [[nodiscard]] bool is_idle() const { return active_.empty() && waiting_.empty(); }

 private:
  struct Call {
    ConnectionPool* pool = nullptr;
    std::unique_ptr<Transfer> transfer;
    Clock::time_point deadline;
    Ended ended;
    Clock::time_point began = {};  // when libcurl got it
    bool opens = false;            // a connection is being opened for it, as far as we know
    UpstreamConnections::Shared connection = {};
  };
  struct Ending {
    std::unique_ptr<Call> call;
    CURLcode code;
  };
  enum class Protocol { kUnknown, kHttp1, kHttp2 };

  static int on_socket(CURL* easy, curl_socket_t socket, int what, void* user, void* of_socket);
  static int on_timer(CURLM* multi, long milliseconds, void* user);
  static int on_connected(void* user, char* their_address, char* our_address, int their_port,
                          int our_port);
  static curl_socket_t on_open(void* user, curlsocktype purpose, curl_sockaddr* address);
  static int on_close(void* user, curl_socket_t socket);

  bool open();
  void start(std::unique_ptr<Call> call);
  void set_connection(const Call& call) const;
  void connected(Call& call, int port);
  void set_bound();
  [[nodiscard]] bool has_room() const;
  [[nodiscard]] std::size_t streams() const;
  void settle(Call& call, UpstreamConnections::Shared connection);
  void act(curl_socket_t socket, int events);
  std::vector<Ending> take_ended();
  void end(std::vector<Ending> endings);
  void end_mute_connection(const Call& call);
  void give_up_late();
  void pump();
  void rest();

  UpstreamThread& thread_;
  const GithubTimes times_;
  const std::size_t connections_most_;
  CURLM* multi_ = nullptr;
  Protocol protocol_;
  std::optional<bool> is_bounded_;  // what libcurl was told of its connections
  std::deque<std::unique_ptr<Call>> waiting_;
  std::map<CURL*, std::unique_ptr<Call>> active_;
  std::size_t opening_ = 0;
  std::size_t most_active_ = 0;  // since it rested
  bool is_worn_ = false;
  UpstreamConnections connections_;
  UpstreamTimer libcurl_timer_;
  UpstreamTimer waiting_timer_;
  UpstreamTimer idle_timer_;
};

}  // namespace portero
