// One visitor's socket: reads a request, waits for its answer, writes it, and again. A state
// machine with one timer. Each state has a total deadline, but for kServing once a sign-in
// has begun: a sign-in limits itself. A slow client costs only a descriptor.
//
//   kIdle --first byte--> kReading --complete--> kServing --answer--> kWriting --written--> kIdle
//     |                      | refused, 408 ------------------------------^        |
//     '--> kEnded <--------------- kDiscarding <-----------------------------------' closing
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "proxy/base/descriptor.h"
#include "proxy/gate/connection_owner.h"
#include "proxy/gate/login_lane.h"
#include "proxy/gate/request_reader.h"

namespace portero {

class Connection {
 public:
  Connection(ConnectionOwner& owner, Descriptor socket, Peer peer);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() = default;

  [[nodiscard]] std::uint64_t id() const { return peer_.id; }
  [[nodiscard]] const std::string& peer() const { return peer_.address; }
  [[nodiscard]] bool is_internal() const { return peer_.is_internal; }

  /// What the current request began with. REQUIRES: is_waiting().
  [[nodiscard]] const GateConfigPointer& config() const { return exchange_->config; }

  /// Number of the current request. Late answers to earlier ones are dropped.
  [[nodiscard]] std::uint64_t generation() const { return generation_; }

  /// False once it has ended, or when no answer is waited for.
  [[nodiscard]] bool is_waiting() const { return state_ == State::kServing; }

  /// The request went to the login lane. Gives it up if it has not begun after 5 s or when the
  /// visitor goes. REQUIRES: is_waiting().
  void wait_for(std::shared_ptr<Ticket> ticket);

  /// Writes the answer. REQUIRES: is_waiting().
  void answer(const Response& response);

  /// The address that the log names for the current request, instead of the peer's.
  /// REQUIRES: is_waiting().
  void name_client(std::string address) { exchange_->current.client = std::move(address); }

  /// Writes the gate's own refusal, which is counted and logged. REQUIRES: is_waiting().
  void answer_refusal(Error error, int retry_after);

  /// Lets it answer the current request, then ends it. An idle connection may answer one more that
  /// comes within half a second.
  void drain();

  /// Ends it now. The current request never runs if it has not begun.
  void end();

 private:
  using Clock = std::chrono::steady_clock;
  enum class State { kIdle, kReading, kServing, kWriting, kDiscarding, kEnded };

  /// The login lane has the request. CORS, framing and the log need these copies.
  struct Current {
    std::string target;
    std::optional<std::string> origin;
    std::optional<std::size_t> origin_index;
    std::string client;  // whom the log names; empty: the peer
    const Route* route = nullptr;
    bool is_head = false;
  };

  /// From the first byte of a request to the last of its answer. It is most of a connection's
  /// memory, and most connections are idle: they have none.
  struct Exchange {
    GateConfigPointer config = {};
    RequestReader reader = {};
    Current current = {};
    std::string output = {};
    std::shared_ptr<const std::string> rest = {};  // follows output
    std::size_t written = 0;                       // of both
  };

  static void on_read(int fd, short what, void* self);
  static void on_write(int fd, short what, void* self);
  static void on_timer(int fd, short what, void* self);

  void read();
  void pump(std::string_view came);
  void begin_request();
  void serve();
  void keep_current(Request& request);
  void refuse(Error error);
  void record_refusal(Error error) const;
  void write(const Response& response, Lane lane);
  [[nodiscard]] std::array<std::string_view, 2> unsent() const;
  void flush();
  void wait_for_room();
  void finish_answer();
  void time_out();
  void on_peer_closed();
  void enter(State state, Clock::time_point now = Clock::now());
  void wait_until(Clock::time_point deadline);
  void wait_at_most(std::chrono::milliseconds time, Clock::time_point now = Clock::now()) {
    wait_until(now + time);
  }
  void watch(short what);

  ConnectionOwner& owner_;
  Descriptor socket_;
  const Peer peer_;
  std::unique_ptr<Exchange> exchange_;  // while reading, serving and writing
  EventPointer read_event_;
  EventPointer write_event_;  // once an answer did not fit
  EventPointer timer_;
  Clock::time_point deadline_ = Clock::time_point::max();
  Clock::time_point timer_end_ = Clock::time_point::max();  // when the timer fires; max: never
  short watched_ = 0;
  State state_ = State::kIdle;
  std::string waiting_;  // came during a request, not yet looked at; ≤ one read
  std::size_t discarded_ = 0;
  std::uint64_t generation_ = 0;
  std::shared_ptr<Ticket> ticket_;
  bool closes_ = false;
  bool is_full_ = false;  // the socket did not take all of the answer at once
  bool pumping_ = false;
};

}  // namespace portero
