// Sockets of a server that means no good, on loopback: one accepted connection, and the listener it
// came from. Everything here ends early when the server stops.
#pragma once

#include <atomic>
#include <string>
#include <string_view>

namespace portero::stand_in {

/// How long a stop may go unnoticed.
inline constexpr int kSliceMs = 20;

/// One connected socket. Closes it, sends what it is given at once; knows when everybody has to go
/// home.
class Peer {
 public:
  Peer(int socket, const std::atomic<bool>& stopping);
  ~Peer();
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  [[nodiscard]] int socket() const { return socket_; }
  [[nodiscard]] bool stopping() const { return stopping_; }

  /// False: not within that time, or the peer is gone.
  [[nodiscard]] bool wait(short event, int milliseconds) const;

  bool send_all(std::string_view text) const;
  [[nodiscard]] bool read_some(std::string& into) const;

  /// Stays until the peer goes away, reading and dropping what it says.
  void linger(int milliseconds) const;

  /// The end of this connection will be a RST.
  void reset_on_close() const;

 private:
  int socket_;
  const std::atomic<bool>& stopping_;
};

/// A TCP socket bound to 127.0.0.1, not listening yet; port 0 takes a free one and says which. May
/// be bound next to another of ours on the same port. -1: none to be had.
[[nodiscard]] int bind_loopback(int& port);

/// Connects to a port of 127.0.0.1. -1: nobody there.
[[nodiscard]] int connect_loopback(int port);

/// The same without waiting: the socket is writable once the connection stands.
[[nodiscard]] int begin_connect_loopback(int port);

}  // namespace portero::stand_in
