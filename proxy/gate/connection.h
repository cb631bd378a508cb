// One visitor's socket: reads a request, waits for its answer, writes it, and again. A state
// machine with one timer; each state has a total deadline, so that a slow client costs a descriptor
// and nothing else (THREATS T28).
//
//   kIdle --first byte--> kReading --complete--> kServing --answer--> kWriting --written--> kIdle
//     |                      | refused, 408 ------------------------------^        |
//     '--> kEnded <--------------- kDiscarding <-----------------------------------' closing
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "proxy/gate/lanes.h"
#include "proxy/gate/listener.h"
#include "proxy/gate/request_reader.h"

struct event;
struct event_base;

namespace portero {

class Connection;

/// What a connection needs from the gate. Outlives it.
struct ConnectionOwner {
  event_base* base = nullptr;
  const Settings& settings;
  std::function<void(Connection&, ReadRequest)> serve;  // leads to answer(), at once or later
  std::function<void(Connection&)> ended;               // destroys it, but not during the call
};

struct EventFree {
  void operator()(event* e) const;
};
using EventPointer = std::unique_ptr<event, EventFree>;

class Connection {
 public:
  Connection(ConnectionOwner& owner, Descriptor socket, std::uint64_t id, std::string peer);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() = default;

  [[nodiscard]] std::uint64_t id() const { return id_; }
  [[nodiscard]] const std::string& peer() const { return peer_; }

  /// Counts the requests: an answer for an earlier one is nobody's.
  [[nodiscard]] std::uint64_t generation() const { return generation_; }

  /// False once it has ended, or when no answer is waited for.
  [[nodiscard]] bool is_waiting() const { return state_ == State::kServing; }

  /// The request went to a lane: give it up when it has not started after 5 s, or when the visitor
  /// has gone before.
  void wait_for(std::shared_ptr<Ticket> ticket) { ticket_ = std::move(ticket); }

  /// Writes the answer. REQUIRES: is_waiting().
  void answer(const Response& response);

  /// Ends it now if nothing is in hand, else after the answer.
  void drain();

 private:
  enum class State { kIdle, kReading, kServing, kWriting, kDiscarding, kEnded };

  static void on_read(int fd, short what, void* self);
  static void on_write(int fd, short what, void* self);
  static void on_timer(int fd, short what, void* self);

  void read();
  void pump();
  void serve();
  void refuse(Error error);
  void write(const Response& response);
  void flush();
  void finish_answer();
  void time_out();
  void lose();
  void end();
  void enter(State state, std::chrono::milliseconds deadline);
  void watch(short what);

  ConnectionOwner& owner_;
  Descriptor socket_;
  const std::uint64_t id_;
  const std::string peer_;
  EventPointer read_event_;
  EventPointer write_event_;
  EventPointer timer_;
  State state_ = State::kIdle;
  RequestReader reader_;
  Request current_;      // what CORS and the answer's framing ask of it
  std::string waiting_;  // read, not yet looked at; ≤ one read
  std::string output_;
  std::size_t written_ = 0;
  std::size_t discarded_ = 0;
  std::uint64_t generation_ = 0;
  std::shared_ptr<Ticket> ticket_;
  bool closes_ = false;
  bool pumping_ = false;
};

}  // namespace portero
