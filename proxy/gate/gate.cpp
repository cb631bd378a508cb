// The loop: takes requests from connections, answers what memory can answer, hands sign-ins to
// workers and brings their answers back. What happens on one socket is connection.cpp, on a listening
// one acceptor.cpp.
#include "proxy/gate/gate.h"

#include <event2/event.h>
#include <unistd.h>

#include <atomic>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "proxy/gate/acceptor.h"
#include "proxy/gate/client_limiter.h"
#include "proxy/gate/connection.h"
#include "proxy/gate/dispatcher.h"
#include "proxy/gate/event_allocator.h"
#include "proxy/gate/local_answers.h"
#include "proxy/gate/request_id.h"

namespace portero {
namespace {

using Clock = std::chrono::steady_clock;

constexpr timeval kDrainTime{10, 0};

class EventGate : public Gate {
 public:
  EventGate(GateConfigPointer first, GateHooks hooks)
      : metrics_(std::move(hooks.metrics)),
        stopping_hook_(std::move(hooks.stopping)),
        base_(event_base_new()),
        owner_{.base = base_.get(),
               .config = std::move(first),
               .match = choose_match(hooks),
               .serve = [this](Connection& from, ReadRequest read) { take(from, std::move(read)); },
               .ended = [this](Connection& connection) { destroy_later(connection.id()); },
               .idle_changed =
                   [this](std::uint64_t id, bool resting) {
                     client_limiter_.set_resting(id, resting, Clock::now());
                   },
               .metrics = *metrics_},
        dispatcher_(limits(), hooks.routes) {
    if (!is_usable()) return;
    completion_event_.reset(event_new(base_.get(), dispatcher_.completions().fd(),
                                      EV_READ | EV_PERSIST, on_completion, this));
    drain_timer_.reset(evtimer_new(base_.get(), on_drain_end, this));
    destroy_timer_.reset(evtimer_new(base_.get(), on_destroy, this));
    event_add(completion_event_.get(), nullptr);
  }

  ~EventGate() override {
    connections_.clear();
    for (const std::string& path : unix_paths_) ::unlink(path.c_str());
  }

  [[nodiscard]] bool is_usable() const {
    return base_ != nullptr && dispatcher_.completions().fd() >= 0;
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
        base_.get(), std::move(handed),
        Acceptor::Hooks{.has_room = [this] { return has_room(); }, .accepted = accepted}));
    return Done();
  }

  bool run() override {
    const bool sound = event_base_dispatch(base_.get()) >= 0;
    dispatcher_.finish();
    return sound;
  }

  void stop() override {
    stopping_ = true;
    dispatcher_.completions().wake();
  }

  [[nodiscard]] bool is_draining() const override { return stopping_; }

  void publish(GateConfigPointer config) override {
    {
      const std::scoped_lock lock(published_mutex_);
      published_ = std::move(config);
    }
    dispatcher_.completions().wake();
  }

  [[nodiscard]] int port() const override { return acceptors_.front()->port(); }

 private:
  static void on_completion(int, short, void* self) {
    static_cast<EventGate*>(self)->read_completions();
  }
  static void on_destroy(int, short, void* self) { static_cast<EventGate*>(self)->destroy_ended(); }
  static void on_drain_end(int, short, void* self) {
    for (const auto& [id, connection] : static_cast<EventGate*>(self)->connections_) {
      connection->end();
    }
  }

  [[nodiscard]] const Limits& limits() const { return owner_.config->limits; }

  [[nodiscard]] bool has_room() const {
    return client_limiter_.inside() < limits().connections ||
           client_limiter_.longest_resting(Clock::now()).has_value();
  }

  void admit(Descriptor socket, std::string peer, bool internal) {
    const std::uint64_t id = ++last_id_;
    const auto now = Clock::now();
    const auto longest_idle = client_limiter_.longest_resting(now);
    if (!client_limiter_.admit(id, peer, *owner_.config, now)) {
      return metrics_->gate_refused(GateRefusal::kConnectionsPerAddress);
    }
    const bool is_too_many = client_limiter_.inside() > limits().connections;
    if (is_too_many && longest_idle) connections_.at(*longest_idle)->end();
    const Peer from{.id = id, .address = std::move(peer), .is_internal = internal};
    if (!internal) metrics_->connection_accepted();
    connections_.emplace(id, std::make_unique<Connection>(owner_, std::move(socket), from));
  }

  static MatchRoute choose_match(GateHooks& hooks) {
    if (hooks.match) return std::move(hooks.match);
    return
        [routes = hooks.routes](Listener listener, std::string_view method, std::string_view path) {
          return match_route(routes, listener, method, path);
        };
  }

  void take(Connection& from, ReadRequest read) {
    if (from.is_internal()) return take_internal(from, std::move(read));
    const GateConfigPointer config = from.config();
    if (std::optional<Response> response = answer_locally(*config, read)) {
      return from.answer(*response);
    }
    const RemoteClient client =
        client_limiter_.recognise(from.peer(), read.forwarded_for, config->trusted_proxies);
    from.name_client(client.address);
    Request request = identify(from, std::move(read.request), client.address);
    if (request.route->lane == Lane::kLoop) return answer_now(from, request);
    const int wait = client_limiter_.wait_for_login(client, config->limits, Clock::now());
    if (wait > 0) return from.answer_refusal(Error::kRateLimited, wait);
    auto ticket = dispatcher_.hand_over(std::move(request), config, {from.id(), from.generation()});
    if (ticket == nullptr) return from.answer_refusal(Error::kOverloaded, 1);
    from.wait_for(std::move(ticket));
  }

  void take_internal(Connection& from, ReadRequest read) {
    metrics_->set_connections(client_limiter_.inside());
    dispatcher_.measure(*metrics_);
    if (read.request.route == nullptr) return from.answer(refuse_unrouted(read.request));
    answer_now(from, identify(from, std::move(read.request), from.peer()));
  }

  Request identify(const Connection& from, Request request, std::string client) {
    request.id = request_ids_.next();
    request.peer = from.peer();
    request.client = std::move(client);
    return request;
  }

  static void answer_now(Connection& from, const Request& request) {
    const GateConfigPointer config = from.config();
    Dispatcher::answer_now(request, *config,
                           [&from](const Response& response) { from.answer(response); });
  }

  void read_completions() {
    for (const Completion& completion : dispatcher_.completions().collect()) {
      const auto at = connections_.find(completion.connection);
      if (at == connections_.end()) continue;
      Connection& connection = *at->second;
      if (connection.generation() == completion.generation && connection.is_waiting()) {
        connection.answer(completion.response);
      }
    }
    read_published();
    if (stopping_ && !draining_) drain();
  }

  void read_published() {
    const std::scoped_lock lock(published_mutex_);
    if (published_) owner_.config = std::exchange(published_, nullptr);
  }

  /// Who waits at a listener of our own would be cut off when it closes. At one that a supervisor
  /// keeps, the next process finds them. One flag speaks for all: if one listener was handed over,
  /// none is drained.
  void drain() {
    draining_ = true;
    if (stopping_hook_) stopping_hook_();
    for (const auto& acceptor : acceptors_) {
      if (owns_listeners_) acceptor->accept_waiting();
      acceptor->close();
    }
    event_add(drain_timer_.get(), &kDrainTime);
    for (const auto& [id, connection] : connections_) connection->drain();
    if (connections_.empty()) event_base_loopbreak(base_.get());
  }

  /// A connection ends inside its own callbacks: it is destroyed on the loop's next turn.
  void destroy_later(std::uint64_t id) {
    client_limiter_.leave(id);
    ended_.push_back(id);
    event_active(destroy_timer_.get(), EV_TIMEOUT, 0);
  }

  void destroy_ended() {
    for (const std::uint64_t id : std::exchange(ended_, {})) connections_.erase(id);
    if (draining_ && connections_.empty()) event_base_loopbreak(base_.get());
  }

  const std::shared_ptr<Metrics> metrics_;
  const std::function<void()> stopping_hook_;
  EventBasePointer base_;
  ConnectionOwner owner_;
  ClientLimiter client_limiter_;
  RequestIds request_ids_;
  std::vector<std::unique_ptr<Acceptor>> acceptors_;  // the visitors' first
  std::vector<std::string> unix_paths_;               // that we made, and so take away
  bool owns_listeners_ = true;
  EventPointer completion_event_;
  EventPointer drain_timer_;
  EventPointer destroy_timer_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> connections_;
  std::vector<std::uint64_t> ended_;
  std::uint64_t last_id_ = 0;
  std::atomic<bool> stopping_ = false;
  bool draining_ = false;
  std::mutex published_mutex_;
  GateConfigPointer published_;
  Dispatcher dispatcher_;
};

}  // namespace

Result<std::unique_ptr<Gate>, Problem> Gate::open(GateConfigPointer first, GateHooks hooks,
                                                  Listening listening) {
  guard_event_allocator();
  raise_file_limit(first->limits);
  auto gate = std::make_unique<EventGate>(std::move(first), std::move(hooks));
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
