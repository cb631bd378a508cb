#include "proxy/serve.h"

#include <atomic>
#include <chrono>
#include <csignal>
#include <ctime>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "proxy/app/respond.h"
#include "proxy/app/revoke.h"
#include "proxy/app/routes.h"
#include "proxy/github/client.h"
#include "proxy/reload.h"
#include "proxy/reloader.h"
#include "proxy/session/signed_out.h"
#include "proxy/site/page_address.h"
#include "proxy/telemetry/log.h"
#include "proxy/telemetry/metrics.h"
#include "proxy/telemetry/request_log.h"
#include "proxy/version.h"

namespace portero {
namespace {

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

/// Whether a client made for one reaches GitHub as one made for the other would.
bool is_reached_alike(const GithubSettings& one, const GithubSettings& other) {
  return one.ca_file == other.ca_file && one.proxy == other.proxy &&
         one.connections == other.connections &&
         one.proxy_credentials.reveal() == other.proxy_credentials.reveal();
}

/// A snapshot and who calls GitHub for it.
struct Served {
  SnapshotPointer snapshot;
  std::shared_ptr<const GithubClient> github;
  std::shared_ptr<const std::vector<CheckCounters*>> checks;  // of its policies
};

/// One sign-in: what begin_response() needs until it is answered and its token is revoked.
struct Login {
  const Request& request;  // kept by `deliver`
  Served from;
  AppContext app;
  Fetch fetch;
  Deliver deliver;
};

/// `listen` with the port that the system chose.
std::string name_listening(const std::string& listen, int port) {
  if (listen.starts_with("unix:")) return listen;
  return listen.substr(0, listen.rfind(':') + 1) + std::to_string(port);
}

/// Everything that lives from the first visitor to the last.
class Server {
 public:
  Server(SnapshotPointer first, ServeHooks hooks)
      : hooks_(std::move(hooks)), current_(std::move(first)) {}

  int run();

 private:
  [[nodiscard]] GateConfigPointer make_gate_config(const SnapshotPointer& snapshot);
  [[nodiscard]] AppContext make_context(const Served& from);
  void serve(const Request& request, const Served& from, const Deliver& deliver);
  void begin_login(const Request& request, const Served& from, const Deliver& deliver);
  void end_login(const std::shared_ptr<Login>& login, Answer answer);
  /// Why the old values stay, a line each; empty: they were replaced.
  std::vector<std::string> replace(const std::function<Loaded(const Snapshot& old)>& load,
                                   std::string_view what);
  void reload();
  [[nodiscard]] SnapshotPointer current() const {
    const std::scoped_lock lock(current_mutex_);
    return current_;
  }
  void log_startup(const std::string& listening) const;

  ServeHooks hooks_;
  mutable std::mutex current_mutex_;
  SnapshotPointer current_;
  SignedOut signed_out_;
  const std::shared_ptr<Metrics> metrics_ = std::make_shared<Metrics>(version());
  Admission admission_;
  UpstreamThread upstream_;
  std::shared_ptr<const GithubClient> github_;  // of current_, or kept from before it
  GithubSettings reached_;                      // as github_ was made
  std::unique_ptr<Gate> gate_;
};

/// A request that begins with this keeps its snapshot alive, and a sign-in its client, too.
GateConfigPointer Server::make_gate_config(const SnapshotPointer& snapshot) {
  const Settings& settings = snapshot->settings;
  if (github_ == nullptr || !is_reached_alike(reached_, settings.github)) {
    reached_ = settings.github;
    github_ = std::make_shared<const GithubClient>(upstream_, reached_);
  }
  auto checks = std::make_shared<std::vector<CheckCounters*>>();
  for (const Policy& one : settings.policies) checks->push_back(&metrics_->checks_of(one.name));
  const Served served{snapshot, github_, std::move(checks)};
  GateConfig config{.limits = settings.limits,
                    .trusted_proxies = settings.trusted_proxies,
                    .files = snapshot->files,
                    .serve = [this, served](const Request& request, const Deliver& deliver) {
                      serve(request, served, deliver);
                    }};
  for (const Site& site : settings.sites) config.origins.push_back(site.origin);
  return std::make_shared<const GateConfig>(std::move(config));
}

AppContext Server::make_context(const Served& from) {
  return {.settings = from.snapshot->settings,
          .keys = from.snapshot->keys,
          .signed_out = signed_out_,
          .admission = admission_,
          .metrics = *metrics_,
          .ready = !gate_->is_draining(),
          .checks = *from.checks};
}

void Server::serve(const Request& request, const Served& from, const Deliver& deliver) {
  if (request.route->lane == Lane::kLogin) return begin_login(request, from, deliver);
  Answer answer = respond(request, make_context(from), std::time(nullptr));
  log_request(request, answer.outcome, *metrics_);
  deliver(std::move(answer.response));
}

void Server::begin_login(const Request& request, const Served& from, const Deliver& deliver) {
  const std::shared_ptr<Login> login(
      new Login{.request = request,
                .from = from,
                .app = make_context(from),
                .fetch = with_metrics(from.github->begin_login(), *metrics_),
                .deliver = deliver});
  begin_response(request, login->app, login->fetch, std::time(nullptr),
                 [this, login](Answer answer) { end_login(login, std::move(answer)); });
}

/// The visitor does not wait for the revocation; the login is under way until it has ended.
void Server::end_login(const std::shared_ptr<Login>& login, Answer answer) {
  log_request(login->request, answer.outcome, *metrics_);
  login->deliver(std::move(answer.response));
  if (!answer.afterwards) return;
  const After after = [this](std::chrono::milliseconds pause, std::function<void()> work) {
    upstream_.at(UpstreamThread::Clock::now() + pause, std::move(work));
  };
  revoke({.request = std::move(*answer.afterwards),
          .fetch = login->fetch,
          .after = after,
          .request_id = login->request.id,
          .metrics = *metrics_},
         [login] {});
}

/// A reload that finds a mistake changes nothing.
std::vector<std::string> Server::replace(const std::function<Loaded(const Snapshot& old)>& load,
                                         std::string_view what) {
  hooks_.service_manager.notify("RELOADING=1");
  Loaded loaded = load(*current());
  for (const Problem& found : loaded.findings.warnings) {
    log_event(Level::kWarning, "settings_warning", {{"why", found.text()}});
  }
  std::vector<std::string> refused;
  for (const Problem& found : loaded.findings.mistakes) {
    refused.push_back(found.text());
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
    gate_->publish(make_gate_config(loaded.snapshot));
    log_event(Level::kInfo, "reloaded", {{"what", std::string(what)}});
  }
  hooks_.service_manager.notify("READY=1");
  return refused;
}

/// What SIGHUP asks for. Whoever asked may wait for the result.
void Server::reload() {
  const std::chrono::nanoseconds begun = reload_clock();
  const ReloadResult result{.begun = begun, .refused = replace(hooks_.load, "settings")};
  const std::string& file = hooks_.reload_result_file;
  if (file.empty() || write_reload_result(file, result)) return;
  log_event(Level::kWarning, "reload_result_lost",
            {{"file", file}, {"fix", "let this user write there, and free space"}});
}

void Server::log_startup(const std::string& listening) const {
  const Settings& settings = current_->settings;
  log_event(Level::kInfo, "started",
            {{"version", std::string(version())},
             {"origins", std::to_string(settings.sites.size())},
             {"keys", std::to_string(current_->keys.keys.size())},
             {"files", std::to_string(current_->files->size())}});
  log_event(Level::kInfo, "listening",
            {{"listen", listening},
             {"port", std::to_string(gate_->port())},
             {"github", settings.github.url}});
  if (is_page_refused(settings, listening)) {
    const Problem refused = {"origins", "has no http://" + listening + ", where the page is served",
                             "add it, or open the page where its origin is"};
    log_event(Level::kWarning, "settings_warning", {{"why", refused.text()}});
  }
  if (!listens_beyond_loopback(listening)) return;
  log_event(Level::kWarning, "plain_http_beyond_loopback",
            {{"listen", listening}, {"fix", "end TLS in front: Caddy, nginx or the platform"}});
}

int Server::run() {
  const Settings& settings = current_->settings;
  Result<std::unique_ptr<Gate>, Problem> gate =
      Gate::open(make_gate_config(current_),
                 {.routes = routes(),
                  .post = [this](auto work) { return upstream_.post(std::move(work)); },
                  .stopping = [this] { hooks_.service_manager.notify("STOPPING=1"); },
                  .metrics = metrics_},
                 {.visitors = settings.listen,
                  .internal = settings.internal_listen,
                  .mode = settings.listen_mode,
                  .handed_visitors = std::move(hooks_.handed.visitors),
                  .handed_internal = std::move(hooks_.handed.internal)});
  if (!gate) {
    log_event(Level::kError, "not_listening", {{"why", gate.error().text()}});
    return 1;
  }
  gate_ = std::move(*gate);
  const std::string& handed_at = hooks_.handed.visitors_at;
  const std::string listening =
      handed_at.empty() ? name_listening(settings.listen, gate_->port()) : handed_at;
  std::optional<Reloader> reloader;
  if (hooks_.load) {
    reloader.emplace(
        Reloader::Hooks{.everything = [this] { reload(); },
                        .keys = [this] { replace(hooks_.load_keys, "keys"); },
                        .key_file = [this] { return current()->settings.session_keys_file; }});
    reloader_to_ask = &*reloader;
  }
  gate_to_stop = gate_.get();
  watch_signals();
  log_startup(listening);
  if (hooks_.listening) hooks_.listening(listening);
  hooks_.service_manager.notify("READY=1");
  static_cast<void>(upstream_.post(GithubClient::open));
  const bool sound = gate_->run();
  upstream_.finish();
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
