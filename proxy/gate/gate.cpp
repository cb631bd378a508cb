// The loop: accepts connections, answers what memory can answer, hands the rest to the lanes and
// brings their answers back. What happens on one socket is connection.cpp.
#include "proxy/gate/gate.h"

#include <event2/event.h>
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <thread>
#include <unordered_map>
#include <utility>

#include "proxy/gate/connection.h"
#include "proxy/gate/from_memory.h"
#include "proxy/gate/lanes.h"
#include "proxy/gate/listener.h"
#include "proxy/gate/mailbox.h"
#include "proxy/log.h"
#include "proxy/session/cookies.h"
#include "proxy/settings/origins.h"
#include "wasm/encoding.h"

namespace portero {
namespace {

struct BaseFree {
  void operator()(event_base* base) const { event_base_free(base); }
};

std::string make_request_id() {
  std::array<unsigned char, 8> random{};
  // An id is for reading logs, not for security: zeros, if the system has none, do no harm.
  [[maybe_unused]] const ssize_t got = ::getrandom(random.data(), random.size(), 0);
  return hex_encode(random);
}

WorkerLane::Size quick_size(const Limits& limits) {
  const std::size_t threads = std::max<std::size_t>(2, std::thread::hardware_concurrency());
  return {.kept = threads, .most = threads, .queue = limits.queue};
}

/// Calls `serve` so that exactly one answer is posted, whatever it does.
void run_job(const Serve& serve, const Request& request, const Deliver& post) {
  const auto delivered = std::make_shared<std::atomic<bool>>(false);
  const Deliver once = [&post, delivered](Response response) {
    if (!delivered->exchange(true)) post(std::move(response));
  };
  try {
    serve(request, once);
  } catch (...) {
    log_event(Level::kError, "handler_failed", {{"request", request.id}});
  }
  if (!*delivered) once(make_problem(Error::kInternal));
}

class EventGate : public Gate {
 public:
  EventGate(const Settings& settings, const FileMap& files, Serve serve, Descriptor listener)
      : settings_(settings),
        memory_{settings, files, make_page_policy(settings.github)},
        serve_(std::move(serve)),
        listener_(std::move(listener)),
        port_(port_of(listener_.get())),
        base_(event_base_new()),
        owner_{.base = base_.get(),
               .settings = settings,
               .serve = [this](Connection& from, ReadRequest read) { take(from, std::move(read)); },
               .ended = [this](Connection& connection) { bury(connection.id()); }},
        quick_(quick_size(settings.limits)),
        login_({.kept = 0, .most = settings.limits.logins, .queue = settings.limits.queue}) {
    if (!is_usable()) return;
    accept_event_.reset(
        event_new(base_.get(), listener_.get(), EV_READ | EV_PERSIST, on_accept, this));
    mail_event_.reset(event_new(base_.get(), mailbox_->fd(), EV_READ | EV_PERSIST, on_mail, this));
    resume_timer_.reset(evtimer_new(base_.get(), on_resume, this));
    burial_timer_.reset(evtimer_new(base_.get(), on_burial, this));
    event_add(accept_event_.get(), nullptr);
    event_add(mail_event_.get(), nullptr);
  }

  ~EventGate() override {
    connections_.clear();
    if (settings_.listen.starts_with("unix:")) ::unlink(settings_.listen.c_str() + 5);
  }

  [[nodiscard]] bool is_usable() const { return base_ != nullptr && mailbox_->fd() >= 0; }

  void run() override {
    if (!stopping_) event_base_dispatch(base_.get());
    quick_.finish();
    login_.finish();
  }

  void stop() override {
    stopping_ = true;
    mailbox_->wake();
  }

  [[nodiscard]] int port() const override { return port_; }

 private:
  static void on_accept(int, short, void* self) { static_cast<EventGate*>(self)->accept_all(); }
  static void on_mail(int, short, void* self) { static_cast<EventGate*>(self)->read_mail(); }
  static void on_resume(int, short, void* self) { static_cast<EventGate*>(self)->resume(); }
  static void on_burial(int, short, void* self) { static_cast<EventGate*>(self)->bury_all(); }

  void accept_all() {
    constexpr int kAtOnce = 64;  // then others' sockets have their turn
    for (int i = 0; i < kAtOnce; ++i) {
      if (connections_.size() >= settings_.limits.connections) return pause();
      std::string peer;
      const int fd = accept_connection(listener_.get(), peer);
      if (fd >= 0) {
        const std::uint64_t id = ++last_id_;
        connections_.emplace(
            id, std::make_unique<Connection>(owner_, Descriptor(fd), id, std::move(peer)));
        continue;
      }
      if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        log_event(Level::kWarning, "accept_paused", {{"errno", std::to_string(errno)}});
        return pause();
      }
      if (errno != EINTR && errno != ECONNABORTED) return;
    }
  }

  /// The listener stays readable while nothing can be accepted: not looking is what does not spin.
  void pause() {
    event_del(accept_event_.get());
    const timeval after{0, 100'000};
    event_add(resume_timer_.get(), &after);
  }

  void resume() {
    if (!stopping_) event_add(accept_event_.get(), nullptr);
  }

  void take(Connection& from, ReadRequest read) {
    if (std::optional<Response> response = memory_.respond(read)) return from.answer(*response);
    Request request = std::move(read.request);
    request.id = make_request_id();
    request.peer = from.peer();
    find_session(request, read.cookie);
    WorkerLane& lane = lane_of(request.method, request.target) == Lane::kLogin ? login_ : quick_;
    auto ticket = std::make_shared<Ticket>();
    from.wait_for(ticket);
    const Deliver post = [mailbox = mailbox_, id = from.id(),
                          generation = from.generation()](Response response) {
      mailbox->post({id, generation, std::move(response)});
    };
    Job job{.ticket = std::move(ticket),
            .run = [this, request = std::move(request), post] { run_job(serve_, request, post); }};
    if (!lane.offer(std::move(job))) from.answer(make_problem(Error::kOverloaded, 1));
  }

  void find_session(Request& request, std::string_view cookie) const {
    const Site* site = cookie.empty() ? nullptr : find_site(settings_, request);
    if (site == nullptr) return;
    FoundCookie found = find_cookie(cookie, site->cookie_name);
    request.session = std::move(found.value);
    request.session_doubled = found.doubled;
  }

  void read_mail() {
    for (const Letter& letter : mailbox_->collect()) {
      const auto at = connections_.find(letter.connection);
      if (at == connections_.end()) continue;
      Connection& connection = *at->second;
      if (connection.generation() == letter.generation && connection.is_waiting()) {
        connection.answer(letter.response);
      }
    }
    if (stopping_) drain();
  }

  void drain() {
    event_del(accept_event_.get());
    event_del(resume_timer_.get());
    listener_.reset();
    for (const auto& [id, connection] : connections_) connection->drain();
    if (connections_.empty()) event_base_loopbreak(base_.get());
  }

  /// A connection ends inside its own callbacks: it is destroyed on the loop's next turn.
  void bury(std::uint64_t id) {
    ended_.push_back(id);
    event_active(burial_timer_.get(), EV_TIMEOUT, 0);
  }

  void bury_all() {
    for (const std::uint64_t id : std::exchange(ended_, {})) connections_.erase(id);
    if (stopping_ && connections_.empty()) event_base_loopbreak(base_.get());
  }

  const Settings& settings_;
  const FromMemory memory_;
  const Serve serve_;
  Descriptor listener_;
  const int port_;
  std::unique_ptr<event_base, BaseFree> base_;
  ConnectionOwner owner_;
  std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>();
  EventPointer accept_event_;
  EventPointer mail_event_;
  EventPointer resume_timer_;
  EventPointer burial_timer_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> connections_;
  std::vector<std::uint64_t> ended_;
  std::uint64_t last_id_ = 0;
  std::atomic<bool> stopping_ = false;
  WorkerLane quick_;
  WorkerLane login_;
};

}  // namespace

std::unique_ptr<Gate> Gate::open(const Settings& settings, const FileMap& files, Serve serve,
                                 std::string& why) {
  raise_file_limit(settings.limits.connections);
  Descriptor listener = open_listener(settings.listen, why);
  if (!listener.is_open()) return nullptr;
  auto gate = std::make_unique<EventGate>(settings, files, std::move(serve), std::move(listener));
  if (gate->is_usable()) return gate;
  why = "the system gave neither an event queue nor an eventfd: raise the limit of open files";
  return nullptr;
}

}  // namespace portero
