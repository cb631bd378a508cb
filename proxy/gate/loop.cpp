#include "proxy/gate/loop.h"

#include <event2/event.h>

#include "proxy/gate/local_answers.h"

namespace portero {
namespace {

using Clock = std::chrono::steady_clock;

constexpr timeval kDrainTime{10, 0};

}  // namespace

Loop::Loop(const Shared& shared, MatchRoute match, GateConfigPointer first,
           std::function<void()> woken)
    : shared_(shared),
      woken_(std::move(woken)),
      base_(event_base_new()),
      owner_{.base = base_.get(),
             .config = std::move(first),
             .match = std::move(match),
             .serve = [this](Connection& from, ReadRequest& read) { take(from, read); },
             .ended = [this](Connection& connection) { destroy_later(connection.id()); },
             .idle_changed = [this](std::uint64_t id, bool is_idle,
                                    Clock::time_point now) { set_idle(id, is_idle, now); },
             .metrics = shared.metrics} {
  if (!is_usable()) return;
  wake_event_.reset(
      event_new(base_.get(), completions_->fd(), EV_READ | EV_PERSIST, on_wake, this));
  drain_timer_.reset(evtimer_new(base_.get(), on_drain_end, this));
  destroy_timer_.reset(evtimer_new(base_.get(), on_destroy, this));
  event_add(wake_event_.get(), nullptr);
}

Loop::~Loop() { connections_.clear(); }

bool Loop::is_usable() const { return base_ != nullptr && completions_->fd() >= 0; }

bool Loop::run() { return event_base_dispatch(base_.get()) >= 0; }

void Loop::on_wake(int /*fd*/, short /*what*/, void* self) {
  auto* loop = static_cast<Loop*>(self);
  loop->read_completions();
  loop->read_inbox();
  if (loop->woken_) loop->woken_();
}

void Loop::on_destroy(int /*fd*/, short /*what*/, void* self) {
  static_cast<Loop*>(self)->destroy_ended();
}

void Loop::on_drain_end(int /*fd*/, short /*what*/, void* self) {
  for (const auto& [id, held] : static_cast<Loop*>(self)->connections_) held.connection->end();
}

template <typename Change>
void Loop::ask(const Change& change) {
  {
    const std::scoped_lock lock(inbox_mutex_);
    change(inbox_);
  }
  wake();
}

void Loop::adopt(Descriptor socket, Peer peer) {
  ++held_;
  ask([&](Inbox& inbox) { inbox.adopted.emplace_back(std::move(socket), std::move(peer)); });
}

void Loop::publish(GateConfigPointer config) {
  ask([&](Inbox& inbox) { inbox.published = std::move(config); });
}

void Loop::drain() {
  ask([](Inbox& inbox) { inbox.drains = true; });
}

void Loop::end_longest_idle() {
  ask([](Inbox& inbox) { ++inbox.to_end; });
}

void Loop::read_inbox() {
  Inbox asked;
  {
    const std::scoped_lock lock(inbox_mutex_);
    asked = std::exchange(inbox_, {});
  }
  if (asked.published) owner_.config = std::move(asked.published);
  for (auto& [socket, peer] : asked.adopted) hold(std::move(socket), std::move(peer));
  for (; asked.to_end > 0; --asked.to_end) {
    const auto longest = idle_.longest(Clock::now());
    if (longest) connections_.at(*longest).connection->end();
  }
  if (asked.drains && !std::exchange(draining_, true)) drain_all();
}

void Loop::hold(Descriptor socket, Peer peer) {
  const std::uint64_t id = peer.id;
  Held& held = connections_[id];
  held.place = idle_.add(id, Clock::now());
  held.connection = std::make_unique<Connection>(owner_, std::move(socket), std::move(peer));
  oldest_idle_ = idle_.oldest();
}

void Loop::drain_all() {
  event_add(drain_timer_.get(), &kDrainTime);
  for (const auto& [id, held] : connections_) held.connection->drain();
  if (connections_.empty()) event_base_loopbreak(base_.get());
}

void Loop::take(Connection& from, ReadRequest& read) {
  if (from.is_internal()) return take_internal(from, read);
  const GateConfigPointer config = from.config();
  if (std::optional<Response> response = answer_locally(*config, read)) {
    return from.answer(*response);
  }
  const bool is_for_loop = read.request.route->lane == Lane::kLoop;
  // Who the peer is was found when it came; only a front's own line says more.
  if (is_for_loop && read.forwarded_for.empty()) {
    identify(from, read.request, from.peer());
    return answer_now(from, read.request);
  }
  const RemoteClient client =
      shared_.limiter.recognise(from.peer(), read.forwarded_for, config->trusted_proxies);
  from.name_client(client.address);
  identify(from, read.request, client.address);
  if (is_for_loop) return answer_now(from, read.request);
  const int wait = shared_.limiter.wait_for_login(client, config->limits, Clock::now());
  if (wait > 0) return from.answer_refusal(Error::kRateLimited, wait);
  auto ticket = shared_.dispatcher.hand_over(
      std::move(read.request), config,
      {.completions = completions_, .connection = from.id(), .generation = from.generation()});
  if (ticket == nullptr) return from.answer_refusal(Error::kOverloaded, 1);
  from.wait_for(std::move(ticket));
}

void Loop::take_internal(Connection& from, ReadRequest& read) {
  const Route* route = read.request.route;
  if (route == nullptr) return from.answer(refuse_unrouted(read.request));
  if (route->path == kMetricsPath) {
    shared_.metrics.set_connections(shared_.limiter.inside());
    shared_.dispatcher.measure(shared_.metrics);
  }
  identify(from, read.request, from.peer());
  answer_now(from, read.request);
}

void Loop::identify(const Connection& from, Request& request, const std::string& client) {
  request.id = request_ids_.next();
  request.peer = from.peer();
  request.client = client;
}

void Loop::answer_now(Connection& from, const Request& request) {
  const GateConfigPointer config = from.config();
  Dispatcher::answer_now(request, *config,
                         [&from](const Response& response) { from.answer(response); });
}

void Loop::read_completions() {
  for (const Completion& completion : completions_->collect()) {
    const auto at = connections_.find(completion.connection);
    if (at == connections_.end()) continue;
    Connection& connection = *at->second.connection;
    if (connection.generation() == completion.generation && connection.is_waiting()) {
      connection.answer(completion.response);
    }
  }
}

void Loop::set_idle(std::uint64_t id, bool is_idle, Clock::time_point now) {
  idle_.set_idle(connections_.at(id).place, is_idle, now);
  oldest_idle_.store(idle_.oldest(), std::memory_order_relaxed);
}

/// A connection ends inside its own callbacks: it is destroyed on the loop's next turn.
void Loop::destroy_later(std::uint64_t id) {
  shared_.limiter.leave(id);
  --held_;
  idle_.remove(connections_.at(id).place);
  oldest_idle_ = idle_.oldest();
  ended_.push_back(id);
  event_active(destroy_timer_.get(), EV_TIMEOUT, 0);
}

void Loop::destroy_ended() {
  for (const std::uint64_t id : std::exchange(ended_, {})) connections_.erase(id);
  if (draining_ && connections_.empty()) event_base_loopbreak(base_.get());
}

}  // namespace portero
