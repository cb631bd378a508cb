// portero-demo: the page, the proxy and GitHub's stand-in on loopback, in one process, with keys
// and a client secret that live in memory only. No account needed. Prints one line on standard
// output, the page's address; everything else goes to standard error.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/serve.h"
#include "proxy/session/cookies.h"
#include "proxy/site/read_files.h"
#include "proxy/telemetry/log.h"
#include "tests/github/stand_in.h"
#include "wasm/encoding.h"

namespace portero {
namespace {

constexpr std::string_view kClientId = "Iv1.portero-demo";
constexpr int kPortsTried = 100;

constexpr const char* kUsage =
    "portero-demo [--site DIR] [--listen 127.0.0.1:PORT] [--stand-in-port PORT]\n"
    "             [--origin URL]... [--public-url URL] [--print-ports]\n"
    "The page, the proxy and a GitHub stand-in on loopback; no account needed. Takes the next "
    "free\n"
    "port when PORT is taken; 0 is any. --origin: one more page that may sign in, at URL/.\n"
    "--public-url: where pages reach the proxy, if not where it listens; \"\": pages of other "
    "sites\n"
    "are refused.\n"
    "--print-ports: a second line, `portero: stand-in URL`.\n";

struct Options {
  std::string site;
  std::string address = "127.0.0.1";
  int port = 8080;
  int stand_in_port = 0;
  std::vector<std::string> origins;
  std::optional<std::string> public_url;
  bool print_ports = false;
};

std::optional<int> read_port(std::string_view text) {
  int port = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool good = error == std::errc() && end == text.data() + text.size();
  return good && port >= 0 && port <= 65535 ? std::optional(port) : std::nullopt;
}

bool read_option(const std::string& name, const std::string& value, Options& options) {
  if (name == "--site") options.site = value;
  if (name == "--origin") options.origins.push_back(value);
  if (name == "--public-url") options.public_url = value;
  if (name == "--site" || name == "--origin" || name == "--public-url") return true;
  const bool is_listen = name == "--listen";
  if (!is_listen && name != "--stand-in-port") return false;
  const std::size_t colon = is_listen ? value.rfind(':') : std::string::npos;
  if (is_listen && value.substr(0, colon) != options.address) return false;  // loopback only
  const std::optional<int> port =
      read_port(colon == std::string::npos ? value : value.substr(colon + 1));
  if (port) (is_listen ? options.port : options.stand_in_port) = *port;
  return port.has_value();
}

std::optional<Options> read_options(const std::vector<std::string>& arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--print-ports") {
      options.print_ports = true;
      continue;
    }
    if (i + 1 == arguments.size()) return std::nullopt;
    if (!read_option(arguments[i], arguments[i + 1], options)) return std::nullopt;
    ++i;
  }
  return options;
}

/// The port if it is free, the next free one after it, or any for 0; 0 when there is none. The
/// gate binds it a moment later: the page's origin must be known before.
int find_free_port(const std::string& address, int first) {
  for (int port = first; port <= 65535 && port < first + kPortsTried; ++port) {
    const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in name = {};
    socklen_t length = sizeof name;
    name.sin_family = AF_INET;
    name.sin_port = htons(static_cast<std::uint16_t>(port));
    ::inet_pton(AF_INET, address.c_str(), &name.sin_addr);
    const bool free = ::bind(probe, reinterpret_cast<sockaddr*>(&name), sizeof name) == 0 &&
                      ::getsockname(probe, reinterpret_cast<sockaddr*>(&name), &length) == 0;
    ::close(probe);
    if (free) return ntohs(name.sin_port);
  }
  return 0;
}

bool fill_randomly(unsigned char* bytes, std::size_t count) {
  return ::getrandom(bytes, count, 0) == static_cast<ssize_t>(count);
}

std::string make_secret() {
  std::array<unsigned char, 20> random{};
  if (!fill_randomly(random.data(), random.size())) return "";
  return hex_encode(random);
}

Site make_site(const std::string& origin, const std::string& secret) {
  Site site;
  site.origin = origin;
  site.redirect_uri = origin + "/";
  site.client_id = kClientId;
  site.client_secret = Secret(secret);
  site.insecure_cookie = origin.starts_with("http://");
  site.cookie_name = make_cookie_name(origin, site.insecure_cookie);
  return site;
}

int refuse(const std::string& why) {
  log_event(Level::kError, "demo_not_started", {{"why", why}});
  return 1;
}

int run(const Options& options) {
  const int port = find_free_port(options.address, options.port);
  const std::string secret = make_secret();
  KeyRing keys;
  keys.keys.push_back({.kid = "demo", .k = {}, .seal_from = 0, .open_until = std::nullopt});
  if (secret.empty() || !fill_randomly(keys.keys[0].k.data(), keys.keys[0].k.size())) {
    return refuse("the system gives no random bytes");
  }
  if (port == 0) return refuse("no port is free; choose another with --listen");

  const std::string page = "http://" + options.address + ":" + std::to_string(port);
  std::vector<std::string> origins = {page, "http://localhost:" + std::to_string(port)};
  origins.insert(origins.end(), options.origins.begin(), options.origins.end());
  std::sort(origins.begin(), origins.end());  // as Settings::sites wants them
  StandInOptions registered;
  registered.client_id = kClientId;
  registered.client_secret = secret;
  registered.port = options.stand_in_port;
  Settings settings;
  for (const std::string& origin : origins) {
    settings.sites.push_back(make_site(origin, secret));
    registered.redirect_uris.push_back(origin + "/");
  }
  std::string why;
  const std::unique_ptr<StandIn> github = StandIn::start(registered, why);
  if (github == nullptr) return refuse(why);

  settings.github.url = github->url();
  settings.github.api_url = github->url();
  settings.github.issuer = github->url() + "/login/oauth";
  settings.public_url = options.public_url.value_or(page);
  settings.listen = options.address + ":" + std::to_string(port);
  settings.static_dir = options.site;
  auto snapshot = std::make_shared<Snapshot>();
  if (!settings.static_dir.empty()) {
    Result<ReadFiles, Problem> folder = read_files(settings, {});
    if (!folder) return refuse(folder.error().text());
    snapshot->files = std::make_shared<const FileMap>(std::move(folder->files));
  }
  snapshot->keys = std::move(keys);
  snapshot->settings = std::move(settings);
  const auto say_where = [&](const std::string&) {
    if (options.print_ports) std::printf("portero: stand-in %s\n", github->url().c_str());
    std::printf("portero: open %s/\n", page.c_str());
    std::fflush(stdout);
  };
  return serve(snapshot, {.listening = say_where});
}

}  // namespace
}  // namespace portero

int main(int argc, char** argv) {
  const std::optional<portero::Options> options = portero::read_options({argv + 1, argv + argc});
  if (!options) {
    std::fputs(portero::kUsage, stderr);
    return 2;
  }
  return portero::run(*options);
}
