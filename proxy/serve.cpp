#include "proxy/serve.h"

#include <atomic>
#include <chrono>
#include <csignal>
#include <ctime>
#include <mutex>
#include <thread>
#include <utility>

#include "proxy/app/app.h"
#include "proxy/gate/router.h"
#include "proxy/github/exchange.h"
#include "proxy/reloader.h"
#include "proxy/session/signed_out.h"
#include "proxy/telemetry/log.h"
#include "proxy/telemetry/metrics.h"
#include "proxy/telemetry/request_log.h"
#include "proxy/version.h"

namespace portero {
namespace {

constexpr int kRevocationTries = 3;
constexpr std::chrono::milliseconds kRevocationPause(250);
constexpr int kPauseGrowth = 4;

/// What a signal handler reaches.
std::atomic<Gate*> gate_to_stop = nullptr;
std::atomic<Reloader*> reloader_to_ask = nullptr;

extern "C" void stop_on_signal(int /*signal*/) {
  Gate* gate = gate_to_stop.load();
  if (gate != nullptr) gate->stop();
}

extern "C" void reload_on_signal(int /*signal*/) {
  Reloader* reloader = reloader_to_ask.load();
  if (reloader != nullptr) reloader->request();
}

void handle(int signal, void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  ::sigaction(signal, &action, nullptr);
}

void watch_signals() {
  handle(SIGTERM, stop_on_signal);
  handle(SIGINT, stop_on_signal);
  handle(SIGHUP, reload_on_signal);
  handle(SIGPIPE, SIG_IGN);
}

void revoke(const UpstreamRequest& request, const Fetch& fetch, const std::string& id,
            Metrics& metrics) {
  std::string_view last;
  std::chrono::milliseconds pause = kRevocationPause;
  for (int attempt = 0; attempt < kRevocationTries; ++attempt) {
    // A host that is away for a moment comes back; a token that is given up on does not end.
    if (attempt > 0) std::this_thread::sleep_for(std::exchange(pause, pause * kPauseGrowth));
    const Result<UpstreamReply> reply = fetch(request);
    const Result<Done> revoked = reply ? read_revoke_reply(*reply) : Result<Done>(reply.error());
    if (revoked) return;
    last = name(revoked.error());
  }
  metrics.revocation_failed();
  log_event(Level::kError, "revocation_failed", {{"request", id}, {"reason", std::string(last)}});
}

bool is_login(const Request& request) {
  return lane_of(request.method, request.target) == Lane::kLogin;
}

/// What the request on this worker is answered with: the router's handler takes nothing but the
/// request.
struct Work {
  const Snapshot* snapshot = nullptr;
  Fetch fetch;  // one talk with GitHub; what is done after the answer goes over the same connection
};
thread_local Work current_work;

/// Everything that lives from the first visitor to the last.
class Server {
 public:
  Server(SnapshotPointer first, ServeHooks hooks)
      : hooks_(std::move(hooks)),
        current_(std::move(first)),
        router_([this](const Request& request) {
          const Snapshot& snapshot = *current_work.snapshot;
          const AppContext app{snapshot.settings, snapshot.keys, signed_out_, admission_,
                               !gate_->is_draining()};
          return respond(request, app, current_work.fetch, std::time(nullptr));
        }) {}

  int run();

 private:
  void answer(const Request& request, const SnapshotPointer& snapshot, const Deliver& deliver);
  Response answer_internal(const Request& request) const;
  Response answer_metrics() const;
  void replace(const std::function<Loaded(const Snapshot& old)>& load, std::string_view what);
  [[nodiscard]] SnapshotPointer current() const {
    const std::scoped_lock lock(current_mutex_);
    return current_;
  }
  void log_startup() const;

  ServeHooks hooks_;
  mutable std::mutex current_mutex_;
  SnapshotPointer current_;
  SignedOut signed_out_;
  const std::shared_ptr<Metrics> metrics_ = std::make_shared<Metrics>();
  Admission admission_;
  const Router router_;
  std::unique_ptr<Gate> gate_;
};

/// Answers one request, then does what is to be done afterwards.
void Server::answer(const Request& request, const SnapshotPointer& snapshot,
                    const Deliver& deliver) {
  const bool login = is_login(request);
  current_work = {.snapshot = snapshot.get(),
                  .fetch = login ? with_metrics(snapshot->begin_login(), *metrics_) : Fetch()};
  Answer said = router_.route(request);
  log_request(request, said, *metrics_);
  deliver(std::move(said.response));
  if (said.afterwards) revoke(*said.afterwards, current_work.fetch, request.id, *metrics_);
  current_work = {};
}

Response Server::answer_metrics() const {
  const SnapshotPointer snapshot = current();
  const SealingKey* key = snapshot->keys.sealing_key(std::time(nullptr));
  metrics_->set_keys(snapshot->keys.keys.size(), key == nullptr ? 0 : key->seal_from);
  const LogCounts log = take_log_counts();
  metrics_->lines_suppressed(log.suppressed);
  metrics_->lines_lost(log.lost);
  return {.status = 200,
          .headers = {{"Content-Type", std::string(kMetricsType)}},
          .body = metrics_->text()};
}

Response Server::answer_internal(const Request& request) const {
  const std::string_view path = path_of(request.target);
  const bool known = path == kMetricsPath || path == kHealthPath || path == kReadyPath;
  if (!known) return make_problem(Error::kNotFound);
  if (request.method != "GET" && request.method != "HEAD") {
    Response refusal = make_problem(Error::kMethodNotAllowed);
    refusal.headers.push_back({"Allow", "GET, HEAD"});
    return refusal;
  }
  if (path == kMetricsPath) return answer_metrics();
  if (path == kReadyPath && gate_->is_draining()) return make_problem(Error::kOverloaded, 1);
  return {.status = 200, .headers = {{"Content-Type", "text/plain; charset=utf-8"}}, .body = {}};
}

/// A reload that finds a mistake changes nothing.
void Server::replace(const std::function<Loaded(const Snapshot& old)>& load,
                     std::string_view what) {
  const SnapshotPointer old = current();
  hooks_.supervisor.notify("RELOADING=1");
  Loaded loaded = load(*old);
  for (const Problem& found : loaded.findings.warnings) {
    log_event(Level::kWarning, "settings_warning", {{"why", found.text()}});
  }
  for (const Problem& found : loaded.findings.mistakes) {
    log_event(Level::kError, "reload_refused",
              {{"what", std::string(what)}, {"why", found.text()}});
  }
  metrics_->reloaded(loaded.snapshot != nullptr);
  if (loaded.snapshot != nullptr) {
    {
      const std::scoped_lock lock(current_mutex_);
      current_ = loaded.snapshot;
    }
    start_log(loaded.snapshot->settings.log);
    gate_->publish(std::move(loaded.snapshot));
    log_event(Level::kInfo, "reloaded", {{"what", std::string(what)}});
  }
  hooks_.supervisor.notify("READY=1");
}

void Server::log_startup() const {
  const Settings& settings = current_->settings;
  log_event(Level::kInfo, "started",
            {{"version", std::string(version())},
             {"origins", std::to_string(settings.sites.size())},
             {"keys", std::to_string(current_->keys.keys.size())},
             {"files", std::to_string(current_->files->size())}});
  log_event(Level::kInfo, "listening",
            {{"listen", settings.listen},
             {"port", std::to_string(gate_->port())},
             {"github", settings.github.url}});
  if (!listens_beyond_loopback(settings.listen)) return;
  log_event(
      Level::kWarning, "plain_http_beyond_loopback",
      {{"listen", settings.listen}, {"cure", "end TLS in front: Caddy, nginx or the platform"}});
}

int Server::run() {
  std::string why;
  gate_ = Gate::open(
      current_,
      {.serve = [this](const Request& request, const SnapshotPointer& snapshot,
                       const Deliver& deliver) { answer(request, snapshot, deliver); },
       .serve_internal = [this](const Request& request) { return answer_internal(request); },
       .stopping = [this] { hooks_.supervisor.notify("STOPPING=1"); },
       .metrics = metrics_},
      std::move(hooks_.handed), why);
  if (gate_ == nullptr) {
    log_event(Level::kError, "not_listening", {{"why", why}});
    return 1;
  }
  std::optional<Reloader> reloader;
  if (hooks_.load) {
    reloader.emplace(
        Reloader::Hooks{.everything = [this] { replace(hooks_.load, "settings"); },
                        .keys = [this] { replace(hooks_.load_keys, "keys"); },
                        .key_file = [this] { return current()->settings.session_keys_file; }});
    reloader_to_ask = &*reloader;
  }
  gate_to_stop = gate_.get();
  watch_signals();
  log_startup();
  if (hooks_.listening) hooks_.listening(gate_->port());
  hooks_.supervisor.notify("READY=1");
  const bool sound = gate_->run();
  reloader_to_ask = nullptr;
  reloader.reset();
  gate_to_stop = nullptr;
  if (!sound) log_event(Level::kError, "event_queue_failed");
  if (sound) log_event(Level::kInfo, "stopped");
  return sound ? 0 : 1;
}

}  // namespace

bool listens_beyond_loopback(const std::string& listen) {
  return !listen.starts_with("127.") && !listen.starts_with("localhost:") &&
         !listen.starts_with("[::1]:") && !listen.starts_with("unix:");
}

int serve(SnapshotPointer first, ServeHooks hooks) {
  return Server(std::move(first), std::move(hooks)).run();
}

}  // namespace portero
