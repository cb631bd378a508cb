// Which connections of one pool stand, who uses them, and when each was last heard. libcurl owns
// them and says little: it opens and closes sockets, and names a connection by its port at our end.
// So the sockets are opened and closed here. Shutting one down is how a connection is taken from
// libcurl: it finds it ended.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <vector>

#include "proxy/github/libcurl.h"

namespace portero {

struct UpstreamConnection {
  curl_socket_t socket = CURL_SOCKET_BAD;
  std::chrono::steady_clock::time_point heard = {};  // the last answer on it, or when it stood
  std::size_t calls = 0;                             // under way on it
  std::size_t carried = 0;                           // in all
};

/// For one thread.
class UpstreamConnections {
 public:
  using Clock = std::chrono::steady_clock;
  using Shared = std::shared_ptr<UpstreamConnection>;

  /// A new socket for libcurl to connect.
  curl_socket_t open(const curl_sockaddr& address);
  /// Forgets it and closes it; returns what libcurl expects of that.
  int close(curl_socket_t socket);

  /// The one with that port, which stands from now on if it is new.
  Shared at_port(int port);

  /// How many stand and may take more calls.
  [[nodiscard]] std::size_t count() const { return by_port_.size(); }

  /// How many sockets libcurl has, those that may take no more calls among them.
  [[nodiscard]] std::size_t held() const { return held_; }

  /// Ends those that nobody uses and that were not heard for so long. May be called often.
  void end_idle(Clock::duration idle);
  /// Ends that one; whoever uses it fails.
  void end(const Shared& connection);

 private:
  std::vector<curl_socket_t> opened_;  // nobody named their ports yet
  std::map<int, Shared> by_port_;
  std::size_t held_ = 0;
  Clock::time_point looked_ = {};
};

}  // namespace portero
