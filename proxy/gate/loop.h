// One thread that serves connections: takes their requests, answers what waits for nothing, hands
// sign-ins to their lane and brings the answers back. Each connection belongs to one loop for its
// life. What happens on one socket is connection.cpp; who gets in is gate.cpp.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "proxy/gate/client_limiter.h"
#include "proxy/gate/connection.h"
#include "proxy/gate/dispatcher.h"
#include "proxy/gate/idle_list.h"
#include "proxy/gate/request_id.h"

namespace portero {

class Loop {
 public:
  /// What all loops of a gate share. Outlives them; each guards itself.
  struct Shared {
    ClientLimiter& limiter;
    Dispatcher& dispatcher;
    Metrics& metrics;
  };

  /// `woken` is called on the loop's thread after each wake().
  Loop(const Shared& shared, MatchRoute match, GateConfigPointer first,
       std::function<void()> woken);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// False: the system gave no event queue or no eventfd.
  [[nodiscard]] bool is_usable() const;

  // The loop's thread, and before run() any one:

  /// Serves until it was drained and its last connection has ended. False: the event queue failed.
  [[nodiscard]] bool run();
  [[nodiscard]] event_base* base() const { return base_.get(); }
  /// What a request that begins now gets.
  [[nodiscard]] const GateConfig& config() const { return *owner_.config; }

  // Any thread:

  /// Serves that connection from now on. REQUIRES: the limiter has admitted it.
  void adopt(Descriptor socket, Peer peer);
  void publish(GateConfigPointer config);
  /// Lets every connection answer its current request; ends those that are left after 10 s.
  void drain();
  /// Ends the connection that has been idle longest, if it has been for a second by then.
  void end_longest_idle();
  /// Also from a signal handler.
  void wake() const { completions_->wake(); }
  /// Connections adopted and not yet ended.
  [[nodiscard]] std::size_t connections() const { return held_; }
  /// IdleList::oldest(), as it was a moment ago.
  [[nodiscard]] IdleList::Time oldest_idle() const { return oldest_idle_; }

 private:
  struct Held {
    std::unique_ptr<Connection> connection;
    IdleList::Place place;
  };
  /// What others ask of this loop.
  struct Inbox {
    std::vector<std::pair<Descriptor, Peer>> adopted = {};
    GateConfigPointer published = {};
    std::size_t to_end = 0;
    bool drains = false;
  };

  static void on_wake(int fd, short what, void* self);
  static void on_destroy(int fd, short what, void* self);
  static void on_drain_end(int fd, short what, void* self);

  template <typename Change>
  void ask(const Change& change);
  void read_inbox();
  void read_completions();
  void hold(Descriptor socket, Peer peer);
  void drain_all();
  void take(Connection& from, ReadRequest& read);
  void take_internal(Connection& from, ReadRequest& read);
  void identify(const Connection& from, Request& request, const std::string& client);
  static void answer_now(Connection& from, const Request& request);
  void set_idle(std::uint64_t id, bool is_idle, IdleList::Time now);
  void destroy_later(std::uint64_t id);
  void destroy_ended();

  const Shared shared_;
  const std::function<void()> woken_;
  const std::shared_ptr<CompletionQueue> completions_ = std::make_shared<CompletionQueue>();
  EventBasePointer base_;
  ConnectionOwner owner_;
  RequestIds request_ids_;
  IdleList idle_;
  EventPointer wake_event_;
  EventPointer drain_timer_;
  EventPointer destroy_timer_;
  std::unordered_map<std::uint64_t, Held> connections_;
  std::vector<std::uint64_t> ended_;
  bool draining_ = false;
  std::atomic<std::size_t> held_ = 0;
  std::atomic<IdleList::Time> oldest_idle_ = IdleList::Time::max();
  std::mutex inbox_mutex_;
  Inbox inbox_;
};

}  // namespace portero
