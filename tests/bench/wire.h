// One connection to 127.0.0.1 that asks one thing at a time, on libevent. Opened when needed, kept
// between requests as long as the server keeps it.
#pragma once

#include <event2/event.h>

#include <functional>
#include <memory>
#include <string>

#include "tests/bench/latency.h"
#include "tests/bench/reply.h"

namespace portero::bench {

struct EventFree {
  void operator()(event* e) const { event_free(e); }
};
using EventPointer = std::unique_ptr<event, EventFree>;

/// A socket on its way to 127.0.0.1:port, which does not block; -1 when there is none.
/// `receive_buffer` > 0: how many bytes the system may take in for us (SO_RCVBUF).
[[nodiscard]] int open_socket(int port, int receive_buffer = 0);

/// The error pending on a socket, as errno; 0 for none.
[[nodiscard]] int socket_error(int fd);

enum class End {
  kAnswered,
  kRefused,    // no connection came about
  kUntouched,  // closed or reset before the first byte of an answer
  kBroken,     // closed or reset in the middle of an answer
  kTimedOut,
};

struct Outcome {
  End end = End::kAnswered;
  bool reused = false;  // the connection had served a request before
  Reply reply = {};
};

class Wire {
 public:
  using Done = std::function<void(Outcome)>;

  /// `timeout` in seconds: for one request, connecting included.
  Wire(event_base* base, int port, int timeout) : base_(base), port_(port), timeout_(timeout) {}
  ~Wire() { close(); }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  /// Sends `request` and calls `done` once, later. REQUIRES: nothing is being asked.
  void ask(std::string request, Done done);
  /// Gives the connection up, so that the next request opens another.
  void close();

 private:
  static void on_event(int fd, short what, void* self);
  void watch(short what);
  void step(short what);
  void send();
  void receive();
  void finish(End end);

  event_base* base_;
  int port_;
  int timeout_;
  int fd_ = -1;
  EventPointer event_;
  std::string request_;
  std::size_t sent_ = 0;
  bool reused_ = false;
  bool connected_ = false;
  Reply reply_;
  Done done_;
};

}  // namespace portero::bench
