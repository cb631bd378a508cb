// portero: reads what it was told, then serves, checks or makes keys. The rest is elsewhere:
// settings/read_settings.h, serve.h, check.h, session/key_file.h.
#include <unistd.h>

#include <cstdio>
#include <ctime>
#include <iostream>

#include "proxy/check.h"
#include "proxy/command_line.h"
#include "proxy/github/github.h"
#include "proxy/log.h"
#include "proxy/serve.h"
#include "proxy/session/key_file.h"
#include "proxy/settings/environment.h"
#include "proxy/settings/read_settings.h"

namespace portero {
namespace {

bool has_mistakes(const Findings& findings) {
  for (const std::string& line : findings.mistakes) std::cerr << "portero: " << line << '\n';
  for (const std::string& line : findings.warnings) std::cerr << "portero: " << line << '\n';
  return !findings.mistakes.empty();
}

int run_serve(const ReadSettings& read, const std::string& credentials) {
  if (has_mistakes(read.findings)) return 1;
  const Settings& settings = read.settings;
  start_log(settings.log);
  std::string why;
  const std::optional<KeyRing> keys = read_key_file(settings.session_keys_file, credentials, why);
  if (!keys) {
    std::cerr << "portero: session_keys_file: " << why << '\n';
    return 1;
  }
  ServeHooks hooks{.listening = {}, .forbidden = read.secret_files};
  hooks.forbidden.push_back(settings.session_keys_file);
  if (!read.file.empty()) hooks.forbidden.push_back(read.file);
  if (!settings.static_dir.empty()) {
    hooks.listening = [&settings](int) {
      std::cout << "portero: open " << settings.sites.front().redirect_uri << std::endl;
    };
  }
  GithubClient client(settings.github);
  return serve(
      settings, *keys, [&client] { return client.begin_login(); }, hooks);
}

int run_check(const ReadSettings& read, const std::string& credentials, bool offline) {
  GithubClient client(read.settings.github);
  CheckInput input{read, credentials, {}, std::time(nullptr)};
  if (!offline) input.begin = [&client] { return client.begin_login(); };
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
  std::string why;
  if (generate_keys(path, how, settings.session.lifetime, std::time(nullptr), why)) return 0;
  std::cerr << "portero: " << why << '\n';
  return 1;
}

}  // namespace
}  // namespace portero

int main(int argc, char** argv) {
  using namespace portero;
  Environment environment = take_environment(environ);
  const std::string credentials = environment["CREDENTIALS_DIRECTORY"];
  const CommandLine line = read_command_line(argc, argv);
  if (line.exit) return *line.exit;
  const ReadSettings read = read_settings(
      {.file = line.settings_file, .environment = std::move(environment), .flags = line.flags});
  if (line.program == Program::kKeygen) return run_keygen(line, read);
  if (line.program == Program::kCheck) return run_check(read, credentials, line.offline);
  return run_serve(read, credentials);
}
