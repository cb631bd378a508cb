// Who gets in: listens, admits, and gives each connection to a loop. The first loop runs on the
// thread that calls run() and accepts; the others have threads of their own. What a loop does is
// loop.cpp; what happens on a listening socket is acceptor.cpp.
#include "proxy/gate/gate.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <span>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "proxy/gate/acceptor.h"
#include "proxy/gate/client_limiter.h"
#include "proxy/gate/dispatcher.h"
#include "proxy/gate/event_allocator.h"
#include "proxy/gate/loop.h"
#include "proxy/telemetry/log.h"

namespace portero {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kEndingMost = 64;  // connections that make room at one moment

std::size_t count_loops(const Limits& limits) {
  if (limits.loops > 0) return limits.loops;
  return std::max(1U, std::thread::hardware_concurrency());
}

MatchRoute choose_match(const GateHooks& hooks) {
  if (hooks.match) return hooks.match;
  return
      [routes = hooks.routes](Listener listener, std::string_view method, std::string_view path) {
        return match_route(routes, listener, method, path);
      };
}

class EventGate : public Gate {
 public:
  EventGate(const GateConfigPointer& first, GateHooks hooks)
      : metrics_(hooks.metrics),
        stopping_hook_(std::move(hooks.stopping)),
        dispatcher_(first->limits, hooks.routes, std::move(hooks.post)) {
    const Loop::Shared shared{
        .limiter = client_limiter_, .dispatcher = dispatcher_, .metrics = *metrics_};
    const MatchRoute match = choose_match(hooks);
    for (std::size_t i = count_loops(first->limits); i > 0; --i) {
      const bool is_first = loops_.empty();
      loops_.push_back(std::make_unique<Loop>(
          shared, match, first, is_first ? [this] { on_wake(); } : std::function<void()>()));
    }
  }

  ~EventGate() override {
    for (const std::string& path : unix_paths_) ::unlink(path.c_str());
  }

  [[nodiscard]] bool is_usable() const {
    return std::all_of(loops_.begin(), loops_.end(),
                       [](const auto& loop) { return loop->is_usable(); });
  }

  /// Accepts on the socket that was handed over, or else where `listen` says.
  Result<Done, Problem> open_acceptor(Descriptor handed, const std::string& listen,
                                      const std::string& mode, bool internal) {
    const bool own = !handed.is_open();
    if (own) {
      Result<Descriptor, Problem> opened = open_listener(listen, mode);
      if (!opened) return opened.error();
      handed = std::move(*opened);
    }
    if (own && listen.starts_with(kUnixPrefix)) {
      unix_paths_.push_back(listen.substr(kUnixPrefix.size()));
    }
    owns_listeners_ = owns_listeners_ && own;
    const auto accepted = [this, internal](Descriptor socket, std::string peer) {
      admit(std::move(socket), std::move(peer), internal);
    };
    acceptors_.push_back(std::make_unique<Acceptor>(
        first().base(), std::move(handed),
        Acceptor::Hooks{.has_room = [this] { return has_room(); }, .accepted = accepted}));
    return Done();
  }

  bool run() override {
    start_threads();
    run(first());
    for (std::thread& thread : threads_) thread.join();
    dispatcher_.finish();
    return !failed_;
  }

  void stop() override {
    stopping_ = true;
    first().wake();
  }

  [[nodiscard]] bool is_draining() const override { return stopping_; }

  void publish(GateConfigPointer config) override {
    for (const auto& loop : loops_) loop->publish(config);
  }

  [[nodiscard]] int port() const override { return acceptors_.front()->port(); }

 private:
  [[nodiscard]] Loop& first() const { return *loops_.front(); }

  /// Where the system has no thread to give, the loops that run must do.
  void start_threads() {
    while (serving_ < loops_.size() && start_thread(*loops_[serving_])) ++serving_;
  }

  bool start_thread(Loop& loop) {
    try {
      threads_.emplace_back([this, &loop] { run(loop); });
      return true;
    } catch (const std::system_error& error) {
      warn_of_missing(error);
      return false;
    }
  }

  void run(Loop& loop) {
    if (!loop.run()) fail();
  }

  void warn_of_missing(const std::system_error& error) const {
    log_event(Level::kWarning, "loops_missing",
              {{"wanted", std::to_string(loops_.size())},
               {"running", std::to_string(serving_)},
               {"errno", std::to_string(error.code().value())},
               {"fix", "raise the limit of threads, or lower limits.loops"}});
  }

  /// Nothing can be served any more by one of the loops: the others end what they have.
  void fail() {
    failed_ = true;
    for (const auto& loop : loops_) loop->drain();
    stop();
  }

  /// By the thread of the first loop, as all that follows.
  void on_wake() {
    if (stopping_ && !std::exchange(draining_, true)) drain();
  }

  [[nodiscard]] bool has_room() const {
    if (client_limiter_.inside() < first().config().limits.connections) return true;
    return IdleList::may_be_closed(idlest().oldest_idle(), Clock::now()) &&
           client_limiter_.inside() < first().config().limits.connections + kEndingMost;
  }

  /// The loop with the connection that has been idle longest.
  [[nodiscard]] Loop& idlest() const {
    return **std::min_element(loops_.begin(), loops_.end(), [](const auto& one, const auto& other) {
      return one->oldest_idle() < other->oldest_idle();
    });
  }

  [[nodiscard]] Loop& least_busy() const {
    const std::span running = std::span(loops_).first(serving_);
    return **std::min_element(running.begin(), running.end(),
                              [](const auto& one, const auto& other) {
                                return one->connections() < other->connections();
                              });
  }

  void admit(Descriptor socket, std::string peer, bool internal) {
    if (const auto address = Address::read(peer)) peer = address->text();  // as the log names it
    const GateConfig& config = first().config();
    const std::uint64_t id = ++last_id_;
    if (!client_limiter_.admit(id, peer, config)) {
      return metrics_->gate_refused(GateRefusal::kConnectionsPerAddress);
    }
    if (client_limiter_.inside() > config.limits.connections) idlest().end_longest_idle();
    if (!internal) metrics_->connection_accepted();
    least_busy().adopt(std::move(socket),
                       {.id = id, .address = std::move(peer), .is_internal = internal});
  }

  /// Who waits at a listener of our own would be cut off when it closes. At one that a supervisor
  /// keeps, the next process finds them. One flag speaks for all: if one listener was handed over,
  /// none is drained.
  void drain() {
    if (stopping_hook_) stopping_hook_();
    for (const auto& acceptor : acceptors_) {
      if (owns_listeners_) acceptor->accept_waiting();
      acceptor->close();
    }
    for (const auto& loop : loops_) loop->drain();
  }

  const std::shared_ptr<Metrics> metrics_;
  const std::function<void()> stopping_hook_;
  ClientLimiter client_limiter_;
  Dispatcher dispatcher_;
  std::vector<std::unique_ptr<Loop>> loops_;          // never changed once they are made
  std::vector<std::thread> threads_;                  // of all loops but the first
  std::size_t serving_ = 1;                           // loops that have a thread
  std::vector<std::unique_ptr<Acceptor>> acceptors_;  // the visitors' first
  std::vector<std::string> unix_paths_;               // that we made, and so take away
  bool owns_listeners_ = true;
  std::uint64_t last_id_ = 0;
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> failed_ = false;
  bool draining_ = false;
};

}  // namespace

Result<std::unique_ptr<Gate>, Problem> Gate::open(const GateConfigPointer& first, GateHooks hooks,
                                                  Listening listening) {
  guard_event_allocator();
  raise_file_limit(first->limits);
  auto gate = std::make_unique<EventGate>(first, std::move(hooks));
  if (!gate->is_usable()) {
    return Problem{"the system", "gave neither an event queue nor an eventfd",
                   "raise the limit of open files"};
  }
  const bool has_internal = listening.handed_internal.is_open() || !listening.internal.empty();
  Result<Done, Problem> opened = gate->open_acceptor(std::move(listening.handed_visitors),
                                                     listening.visitors, listening.mode, false);
  if (opened && has_internal) {
    opened = gate->open_acceptor(std::move(listening.handed_internal), listening.internal,
                                 listening.mode, true);
  }
  if (!opened) return opened.error();
  return std::unique_ptr<Gate>(std::move(gate));
}

}  // namespace portero
