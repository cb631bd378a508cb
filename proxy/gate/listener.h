// Binds where the proxy listens. One program an address: a second one is told, not shared with
// (no SO_REUSEPORT, THREATS T45).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace portero {

/// A descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor() { reset(); }
  Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    reset(other.release());
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  int release();
  void reset(int fd = -1);

 private:
  int fd_;
};

/// A listening, non-blocking socket on "ADDRESS:PORT", "[ADDRESS]:PORT" or "unix:/path"; closed on
/// failure, with the address, the reason and the cure in `why`. A dead program's unix socket is
/// replaced, a living one's is not.
[[nodiscard]] Descriptor open_listener(const std::string& listen, std::string& why);

/// The TCP port a socket is bound to; 0 for a unix socket.
[[nodiscard]] int port_of(int fd);

/// The next waiting connection, non-blocking, closed on exec, without delay; -1 with errno when
/// there is none. `peer` is its address as text, "unix" on a unix socket.
[[nodiscard]] int accept_connection(int listener, std::string& peer);

/// Raises the soft limit of open files towards `connections` and some, as far as the hard one goes.
void raise_file_limit(std::size_t connections);

}  // namespace portero
