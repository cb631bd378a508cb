#include "proxy/serve.h"

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <ctime>

#include "proxy/app.h"
#include "proxy/gate/files.h"
#include "proxy/gate/gate.h"
#include "proxy/gate/router.h"
#include "proxy/github/exchange.h"
#include "proxy/log.h"
#include "proxy/outcome.h"
#include "proxy/session/signed_out.h"

namespace portero {
namespace {

constexpr int kRevocationTries = 3;
constexpr rlim_t kOwnFiles = 256;  // what we open besides visitors' connections

std::atomic<Gate*>& gate_to_stop() {
  static std::atomic<Gate*> gate = nullptr;
  return gate;
}

extern "C" void stop_on_signal(int /*signal*/) {
  Gate* gate = gate_to_stop().load();
  if (gate != nullptr) gate->stop();
}

void watch_signals() {
  struct sigaction action = {};
  action.sa_handler = stop_on_signal;
  ::sigaction(SIGTERM, &action, nullptr);
  ::sigaction(SIGINT, &action, nullptr);
  action.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &action, nullptr);
}

/// One connection is one file, and one more while its login talks to GitHub.
void raise_file_limit(const Limits& limits) {
  rlimit files = {};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  const rlim_t wanted = limits.connections + 2 * limits.logins + kOwnFiles;
  if (files.rlim_cur >= wanted) return;
  files.rlim_cur = std::min(wanted, files.rlim_max);
  const bool raised = ::setrlimit(RLIMIT_NOFILE, &files) == 0;
  if (raised && files.rlim_cur == wanted) return;
  log_event(Level::kWarning, "file_limit_low",
            {{"wanted", std::to_string(wanted)}, {"cure", "raise LimitNOFILE or ulimit -Hn"}});
}

void revoke(const UpstreamRequest& request, const Fetch& fetch, const std::string& id) {
  std::string_view last;
  for (int attempt = 0; attempt < kRevocationTries; ++attempt) {
    const Result<UpstreamReply> reply = fetch(request);
    const Result<Done> revoked = reply ? read_revoke_reply(*reply) : Result<Done>(reply.error());
    if (revoked) return;
    last = name(revoked.error());
  }
  log_event(Level::kError, "revocation_failed", {{"request", id}, {"reason", std::string(last)}});
}

bool is_login(const Request& request) {
  return lane_of(request.method, request.target) == Lane::kLogin;
}

/// This worker's talk with GitHub: it serves one request at a time, and what is to be done after
/// the answer goes over the same connection.
thread_local Fetch current_fetch;

/// Answers one request, then does what is to be done afterwards.
void answer(const Request& request, const Deliver& deliver, const Router& router,
            const BeginLogin& begin_login) {
  const bool login = is_login(request);
  current_fetch = login ? begin_login() : Fetch();
  Answer said = router.route(request);
  if (login) log_login(request, said);
  deliver(std::move(said.response));
  if (said.afterwards) revoke(*said.afterwards, current_fetch, request.id);
  current_fetch = nullptr;
}

void say_where(const Settings& settings, int port) {
  log_event(Level::kInfo, "listening",
            {{"listen", settings.listen},
             {"port", std::to_string(port)},
             {"github", settings.github.url}});
  if (!listens_beyond_loopback(settings.listen)) return;
  log_event(
      Level::kWarning, "plain_http_beyond_loopback",
      {{"listen", settings.listen}, {"cure", "end TLS in front: Caddy, nginx or the platform"}});
}

}  // namespace

bool listens_beyond_loopback(const std::string& listen) {
  return !listen.starts_with("127.") && !listen.starts_with("localhost:") &&
         !listen.starts_with("[::1]:") && !listen.starts_with("unix:");
}

int serve(const Settings& settings, const KeyRing& keys, const BeginLogin& begin_login,
          const ServeHooks& hooks) {
  raise_file_limit(settings.limits);
  std::string why;
  FileMap files;
  if (!settings.static_dir.empty()) {
    files = read_files(settings.static_dir, hooks.forbidden, why);
    if (!why.empty()) {
      log_event(Level::kError, "static_dir_refused", {{"why", why}});
      return 1;
    }
  }
  SignedOut signed_out;
  const bool ready = true;  // everything that can fail has been read when the gate opens
  const App app{settings, keys, signed_out, ready};
  const Router router([&app](const Request& request) {
    return respond(request, app, current_fetch, std::time(nullptr));
  });
  const std::unique_ptr<Gate> gate = Gate::open(
      settings, files,
      [&](const Request& request, const Deliver& deliver) {
        answer(request, deliver, router, begin_login);
      },
      why);
  if (gate == nullptr) {
    log_event(Level::kError, "not_listening", {{"why", why}});
    return 1;
  }
  gate_to_stop() = gate.get();
  watch_signals();
  say_where(settings, gate->port());
  if (hooks.listening) hooks.listening(gate->port());
  gate->run();
  gate_to_stop() = nullptr;
  log_event(Level::kInfo, "stopped");
  return 0;
}

}  // namespace portero
