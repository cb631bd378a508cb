// portero: reads what it was told, then serves, checks or makes keys. The rest is elsewhere:
// load.h, serve.h, check.h, session/key_file.h.
#include <unistd.h>

#include <cstdio>
#include <ctime>
#include <iostream>
#include <set>
#include <string_view>
#include <utility>

#include "proxy/base/time.h"
#include "proxy/check/check.h"
#include "proxy/command_line.h"
#include "proxy/github/client.h"
#include "proxy/hardening.h"
#include "proxy/health.h"
#include "proxy/load.h"
#include "proxy/reload.h"
#include "proxy/serve.h"
#include "proxy/session/key_file.h"
#include "proxy/settings/environment.h"
#include "proxy/settings/proxy_variables.h"
#include "proxy/settings/read_settings.h"
#include "proxy/site/page_address.h"
#include "proxy/systemd.h"
#include "proxy/telemetry/log.h"

namespace portero {
namespace {

bool has_mistakes(const Findings& findings) {
  for (const Problem& found : findings.mistakes) {
    std::cerr << journal_mark(Level::kError) << "portero: " << found.text() << '\n';
  }
  return !findings.mistakes.empty();
}

int run_serve(const SettingsInput& input) {
  Loaded loaded = load(input);
  HandedSockets handed = take_handed_sockets(input.environment, loaded.findings);
  if (has_mistakes(loaded.findings)) return 1;
  const Settings& settings = loaded.snapshot->settings;
  start_log(settings.log);
  for (const Problem& found : loaded.findings.warnings) {
    log_event(Level::kWarning, "settings_warning", {{"why", found.text()}});
  }
  ServeHooks hooks{
      .listening = {},
      .load = [&input](const Snapshot& old) { return load(input, &old); },
      .load_keys = [&input](const Snapshot& old) { return load_keys(input, old); },
      .reload_result_file = reload_result_file(input.environment),
      .handed = std::move(handed),
      .service_manager = ServiceManager(std::string(value_of(input.environment, "NOTIFY_SOCKET")))};
  if (!settings.static_dir.empty()) {
    hooks.listening = [first = loaded.snapshot](const std::string& listening) {
      std::cout << "portero: open " << describe_page(first->settings, listening) << std::endl;
    };
  }
  return serve(std::move(loaded.snapshot), std::move(hooks));
}

int run_check(ReadSettings read, const Environment& environment, bool offline) {
  const GithubSettings& github = read.settings.github;
  // The lines of the report say it all, but for what a forward proxy answered.
  start_log(
      {.level = github.proxy.empty() ? "error" : "warning", .format = read.settings.log.format});
  const auto unused = warn_of_proxy_variable(environment, github);
  if (unused) read.findings.warnings.push_back(*unused);
  UpstreamThread upstream;
  const GithubClient to_github(upstream, github);
  GithubSettings of_pages;  // trusts whom the system trusts, as browsers do
  of_pages.connections = 0;
  const GithubClient to_pages(upstream, of_pages);
  const std::string credentials(value_of(environment, "CREDENTIALS_DIRECTORY"));
  CheckInput input{read, credentials, std::time(nullptr)};
  if (!offline) {
    GithubClient::open();
    input.begin_github = [&to_github] { return to_github.begin_waiting(); };
    input.begin_public = [&to_pages] { return to_pages.begin_waiting(); };
  }
  return check(input, std::cout);
}

bool has_mistakes(const ReadSettings& read, const std::set<std::string_view>& minded) {
  Findings ours;
  for (const Problem& found : read.findings.mistakes) {
    if (minded.contains(found.key)) ours.mistakes.push_back(found);
  }
  return has_mistakes(ours);
}

/// Mistakes of what the keys are made from: where they go, and, to rotate, how long a session
/// lives.
bool has_keygen_mistakes(const CommandLine& line, const ReadSettings& read) {
  const bool is_path_needed = line.keys_file.empty();
  const bool is_file_needed =
      (is_path_needed && read.settings.session_keys_file.empty()) || line.rotate;
  std::set<std::string_view> minded;
  if (is_file_needed) minded.insert(read.file);
  if (is_path_needed) minded.insert("session_keys_file");
  if (line.rotate) minded.insert("session.lifetime");
  return has_mistakes(read, minded);
}

std::string describe_keys(const std::string& path, const MadeKeys& made, bool rotated) {
  if (!made.is_made) {
    const std::string sealing = made.kid.empty() ? "none of them seals now" : made.kid + " seals";
    return path + " is there already: " + std::to_string(made.kept) + " key(s), " + sealing +
           "; nothing was changed";
  }
  if (!rotated) return "made " + path + ": key " + made.kid + " seals from now on";
  return "added key " + made.kid + " to " + path + ": it seals from " +
         format_rfc3339(made.seal_from) + " on; the " + std::to_string(made.kept) +
         " older one(s) open sessions until " + format_rfc3339(made.open_until) + " at the latest";
}

int run_keygen(const CommandLine& line, const ReadSettings& read) {
  if (has_keygen_mistakes(line, read)) return 1;
  const Settings& settings = read.settings;
  const std::string path = line.keys_file.empty() ? settings.session_keys_file : line.keys_file;
  if (path.empty()) {
    std::cerr << "portero: no file named; run: portero keygen FILE\n";
    return 1;
  }
  const Keygen how = line.rotate       ? Keygen::kRotate
                     : line.if_missing ? Keygen::kIfMissing
                                       : Keygen::kNew;
  const auto made = generate_keys(path, how, settings.session.lifetime, std::time(nullptr));
  if (!made) {
    std::cerr << "portero: " << made.error().text() << '\n';
    return 1;
  }
  std::cout << "portero: " << describe_keys(path, *made, line.rotate) << '\n';
  return 0;
}

int run_health(const ReadSettings& read) {
  const bool is_wrong = has_mistakes(read, {read.file, "listen", "internal_listen"});
  return is_wrong ? 1 : ask_health(read.settings, std::cerr);
}

int run_reload(const CommandLine& line, const Environment& environment) {
  const std::string pid =
      line.pid.empty() ? std::string(value_of(environment, "MAINPID")) : line.pid;
  return ask_for_reload({.pid = pid, .file = reload_result_file(environment), .wait = line.wait},
                        std::cerr);
}

}  // namespace
}  // namespace portero

int main(int argc, char** argv) {
  using namespace portero;
  ensure_standard_streams();
  if (!forbid_core_dumps()) std::cerr << "portero: cannot turn core dumps off\n";
  install_fatal_handlers();
  SettingsInput input{.file = {}, .environment = take_environment(environ), .flags = {}};
  begin_journal(value_of(input.environment, "JOURNAL_STREAM"));
  const CommandLine line = read_command_line(argc, argv);
  if (line.exit) return *line.exit;
  input.file = line.settings_file;
  input.flags = line.flags;
  if (!line.is_named && !is_anything_set(input)) {
    std::cerr << line.help;
    return kUsageStatus;
  }
  if (line.program == Program::kReload) return run_reload(line, input.environment);
  if (line.program == Program::kServe) return run_serve(input);
  ReadSettings read = read_settings(input);
  if (line.program == Program::kKeygen) return run_keygen(line, read);
  if (line.program == Program::kHealth) return run_health(read);
  return run_check(std::move(read), input.environment, line.offline);
}
