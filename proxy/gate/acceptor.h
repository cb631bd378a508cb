// One listening socket on the loop: accepts waiting connections, a few at a time, and pauses when
// the process or the gate is full. It hands each connection on and keeps none. For the loop's
// thread.
#pragma once

#include <functional>
#include <string>

#include "proxy/gate/event.h"
#include "proxy/gate/listener.h"

namespace portero {

class Acceptor {
 public:
  struct Hooks {
    std::function<bool()> has_room;  // false: pause for 100 ms, then ask again
    std::function<void(Descriptor socket, std::string peer)> accepted;
  };

  /// REQUIRES: `listener` is open, listening and non-blocking; `base` outlives the acceptor.
  Acceptor(event_base* base, Descriptor listener, Hooks hooks);
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;
  ~Acceptor() = default;

  /// The TCP port; 0 on a unix socket.
  [[nodiscard]] int port() const { return port_; }

  /// Accepts whoever has been waiting already, as far as there is room.
  void accept_waiting();

  /// Stops accepting and closes the socket. May be called again.
  void close();

 private:
  static void on_accept(int fd, short what, void* self);
  static void on_resume(int fd, short what, void* self);
  /// False: nobody waits, or nobody can be let in now.
  bool accept_one();
  void pause();

  const Hooks hooks_;
  Descriptor listener_;
  const int port_;
  EventPointer accept_event_;
  EventPointer resume_timer_;
};

}  // namespace portero
