// portero-load: the load client. It asks, signs in or holds connections against a running portero,
// from one thread, and prints what came of it as one JSON line. script/soak and script/bench drive
// it.
#include <event2/event.h>
#include <sys/resource.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/bench/arguments.h"
#include "tests/bench/hold.h"
#include "tests/bench/load.h"
#include "tests/bench/tasks.h"

namespace portero::bench {
namespace {

constexpr std::string_view kUsage =
    "usage: portero-load get|login|hold --port N [--origin O] [--seconds S] [--rate PER_SECOND]\n"
    "  get:   --clients N [--count N] [--sessions FILE] [--target PATH] [--fresh] [--repeats]\n"
    "  login: --clients N [--count N] --github-port N --redirect-uri URL --client-id ID\n"
    "         [--save FILE] [--fresh] | --made-up-codes\n"
    "  hold:  --kinds half-open,drip-header,drip-body,idle,kept,slow-read --count N\n"
    "         [--target PATH] [--drip-seconds S]\n"
    "  all:   [--timeout S]   sessions are files of `name=value`, one a line\n";

using Base = std::unique_ptr<event_base, decltype(&event_base_free)>;
using Json = nlohmann::ordered_json;

Base make_base() {
  event_config* const config = event_config_new();
  event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER);
  Base base(event_base_new_with_config(config), &event_base_free);
  event_config_free(config);
  return base;
}

std::vector<std::string> read_lines(const std::string& path) {
  std::vector<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

double rounded(double value) { return static_cast<double>(static_cast<long>(value * 1000)) / 1000; }

void print(const Json& json) { std::printf("%s\n", json.dump().c_str()); }

void print(LoadResult result) {
  Json json{{"ok", result.ok},
            {"failed", result.failed},
            {"repeated", result.repeated},
            {"seconds", rounded(result.seconds)},
            {"per_second", rounded(static_cast<double>(result.ok) / result.seconds)},
            {"p50", rounded(result.answered.percentile(0.5))},
            {"p90", rounded(result.answered.percentile(0.9))},
            {"p99", rounded(result.answered.percentile(0.99))},
            {"max", rounded(result.answered.percentile(1))},
            {"max_of_all", rounded(result.all.percentile(1))},
            {"reasons", result.reasons}};
  print(json);
}

int run_clients(const std::string& command, Arguments& given) {
  const LoadPlan plan{.port = given.integer("--port", 0),
                      .github_port = given.integer("--github-port", 0),
                      .clients = given.integer("--clients", 1),
                      .rate = given.number("--rate", 0),
                      .seconds = given.number("--seconds", 0),
                      .count = given.integer("--count", 0),
                      .timeout = given.integer("--timeout", 30)};
  const Page page{.origin = given.find("--origin", ""),
                  .redirect_uri = given.find("--redirect-uri", ""),
                  .client_id = given.find("--client-id", "stand-in-client")};
  std::ofstream saved;
  Task task;
  if (command == "get") {
    const std::string sessions = given.find("--sessions", "");
    task = make_get(
        page, {.target = given.find("--target", "/v1/session"),
               .cookies = sessions.empty() ? std::vector<std::string>{} : read_lines(sessions),
               .fresh = given.has("--fresh"),
               .repeats = given.has("--repeats")});
  } else {
    LoginPlan login{.made_up_codes = given.has("--made-up-codes"), .fresh = given.has("--fresh")};
    const std::string path = given.find("--save", "");
    if (!path.empty()) {
      saved.open(path, std::ios::app);
      // Written out at once: what a visitor has been given is what must open later.
      login.signed_in = [&saved](const std::string& cookie) { saved << cookie << std::endl; };
    }
    task = make_login(page, std::move(login));
  }
  const std::string unknown = given.unknown();
  if (!unknown.empty() || plan.port == 0) {
    (void)std::fprintf(stderr, "%s: not known here\n%s", unknown.c_str(), kUsage.data());
    return 2;
  }
  const Base base = make_base();
  print(run_load(base.get(), plan, task));
  return 0;
}

int run_holds(Arguments& given) {
  HoldPlan plan{.port = given.integer("--port", 0),
                .count = given.integer("--count", 100),
                .rate = given.number("--rate", 200),
                .seconds = given.number("--seconds", 0),
                .drip_seconds = given.number("--drip-seconds", 3),
                .origin = given.find("--origin", ""),
                .target = given.find("--target", "/")};
  std::istringstream kinds(given.find("--kinds", "half-open"));
  for (std::string name; std::getline(kinds, name, ',');) {
    Hold kind{};
    if (!read_hold(name, kind)) plan.port = 0;
    plan.kinds.push_back(kind);
  }
  if (plan.port == 0 || plan.kinds.empty() || !given.unknown().empty()) {
    (void)std::fwrite(kUsage.data(), 1, kUsage.size(), stderr);
    return 2;
  }
  const Base base = make_base();
  const HoldResult result = run_hold(base.get(), plan);
  print(Json{{"held", result.held},
             {"least", result.least},
             {"opened", result.opened},
             {"cut", result.cut},
             {"failed", result.failed}});
  return 0;
}

void raise_file_limit() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
}

}  // namespace
}  // namespace portero::bench

int main(int argc, char** argv) {
  using namespace portero::bench;
  const std::string command = argc > 1 ? argv[1] : "";
  raise_file_limit();
  Arguments given(argc > 2 ? argc - 2 : 0, argv + 2);
  if (command == "hold") return run_holds(given);
  if (command == "get" || command == "login") return run_clients(command, given);
  (void)std::fwrite(kUsage.data(), 1, kUsage.size(), stderr);
  return 2;
}
