// portero: reads what it was told, then serves, checks or makes keys. The rest is elsewhere:
// load.h, serve.h, check.h, session/key_file.h.
#include <unistd.h>

#include <cstdio>
#include <ctime>
#include <iostream>

#include "proxy/check/check.h"
#include "proxy/command_line.h"
#include "proxy/github/client.h"
#include "proxy/hardening.h"
#include "proxy/load.h"
#include "proxy/serve.h"
#include "proxy/session/key_file.h"
#include "proxy/settings/environment.h"
#include "proxy/settings/read_settings.h"
#include "proxy/site/page_address.h"
#include "proxy/systemd.h"
#include "proxy/telemetry/log.h"

namespace portero {
namespace {

bool has_mistakes(const Findings& findings) {
  for (const Problem& found : findings.mistakes) std::cerr << "portero: " << found.text() << '\n';
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
      .handed = std::move(handed),
      .service_manager = ServiceManager(std::string(value_of(input.environment, "NOTIFY_SOCKET")))};
  if (!settings.static_dir.empty()) {
    hooks.listening = [first = loaded.snapshot](const std::string& listening) {
      std::cout << "portero: open " << describe_page(first->settings, listening) << std::endl;
    };
  }
  return serve(std::move(loaded.snapshot), std::move(hooks));
}

int run_check(const ReadSettings& read, const std::string& credentials, bool offline) {
  start_log({.level = "error", .format = read.settings.log.format});  // the lines below say it all
  GithubClient to_github(read.settings.github);
  GithubClient to_pages({});  // trusts whom the system trusts, as browsers do
  CheckInput input{read, credentials, std::time(nullptr)};
  if (!offline) {
    input.begin_github = [&to_github] { return to_github.begin_login(); };
    input.begin_public = [&to_pages] { return to_pages.begin_login(); };
  }
  return check(input, std::cout);
}

int run_keygen(const CommandLine& line, const ReadSettings& read) {
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
  if (made) return 0;
  std::cerr << "portero: " << made.error().text() << '\n';
  return 1;
}

}  // namespace
}  // namespace portero

int main(int argc, char** argv) {
  using namespace portero;
  ensure_standard_streams();
  if (!forbid_core_dumps()) std::cerr << "portero: cannot turn core dumps off\n";
  install_fatal_handlers();
  SettingsInput input{.file = {}, .environment = take_environment(environ), .flags = {}};
  const CommandLine line = read_command_line(argc, argv);
  if (line.exit) return *line.exit;
  input.file = line.settings_file;
  input.flags = line.flags;
  if (line.program == Program::kServe) return run_serve(input);
  const ReadSettings read = read_settings(input);
  if (line.program == Program::kKeygen) return run_keygen(line, read);
  const std::string_view credentials = value_of(input.environment, "CREDENTIALS_DIRECTORY");
  return run_check(read, std::string(credentials), line.offline);
}
