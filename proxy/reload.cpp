#include "proxy/reload.h"

#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <optional>
#include <ostream>
#include <thread>

#include "proxy/base/json.h"
#include "proxy/base/private_file.h"
#include "proxy/base/text.h"

namespace portero {
namespace {

constexpr std::size_t kResultMax = 1024 * 1024;
constexpr std::size_t kResultDepth = 2;
constexpr std::chrono::milliseconds kLook(10);

std::optional<ReloadResult> read_reload_result(const std::string& file) {
  const Result<std::string, Problem> text = read_small_file(file, kResultMax);
  if (!text) return std::nullopt;
  const Result<Json> document = read_json(*text, kResultMax, kResultDepth);
  if (!document) return std::nullopt;
  const Json* begun = find_member(*document, "begun");
  const Json* refused = find_member(*document, "refused");
  if (begun == nullptr || !begun->is_number_integer() || refused == nullptr) return std::nullopt;
  ReloadResult result{.begun = std::chrono::nanoseconds(begun->get<std::int64_t>())};
  for (const Json& line : *refused) {
    if (line.is_string()) result.refused.push_back(line.get<std::string>());
  }
  return result;
}

int fail(std::ostream& errors, const std::string& why) {
  errors << "portero: " << why << '\n';
  return 1;
}

/// Until a reload that began after `asked` has ended.
int wait_for_result(const ReloadRequest& request, int pid, std::chrono::nanoseconds asked,
                    std::ostream& errors) {
  const auto end = std::chrono::steady_clock::now() + request.patience;
  while (std::chrono::steady_clock::now() < end) {
    const std::optional<ReloadResult> result = read_reload_result(request.file);
    // A file of another boot may be of a later time than now.
    if (result && result->begun >= asked && result->begun <= reload_clock()) {
      for (const std::string& why : result->refused) errors << "portero: " << why << '\n';
      if (result->refused.empty()) return 0;
      return fail(errors, "the settings were not reloaded; the old ones stay");
    }
    if (::kill(pid, 0) != 0) return fail(errors, "process " + request.pid + " ended meanwhile");
    std::this_thread::sleep_for(kLook);
  }
  return fail(errors, "process " + request.pid + " did not reload in time; its log says why");
}

}  // namespace

std::chrono::nanoseconds reload_clock() {
  timespec now{};
  static_cast<void>(::clock_gettime(CLOCK_MONOTONIC, &now));
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

std::string reload_result_file(const Environment& environment) {
  const std::string_view all = value_of(environment, "RUNTIME_DIRECTORY");
  if (all.empty()) return "";
  return std::string(all.substr(0, all.find(':'))) + "/reload.json";  // of several, the first
}

bool write_reload_result(const std::string& file, const ReloadResult& result) {
  const Json document = {{"begun", result.begun.count()}, {"refused", result.refused}};
  return static_cast<bool>(write_private_file(file, write_json(document) + "\n", true));
}

int ask_for_reload(const ReloadRequest& request, std::ostream& errors) {
  const auto pid = read_number(request.pid, 2, INT_MAX);
  if (!pid) {
    return fail(
        errors,
        "no process named; run: portero reload PID, or let systemd run it, which sets MAINPID");
  }
  if (request.wait && request.file.empty()) {
    return fail(
        errors,
        "RUNTIME_DIRECTORY is not set, so there is no place to learn the result; set it to the "
        "same folder for both, or leave out --wait and read the log");
  }
  const std::chrono::nanoseconds asked = reload_clock();
  const int process = static_cast<int>(*pid);
  if (::kill(process, SIGHUP) != 0) {
    return fail(errors, "process " + request.pid + ": " + std::strerror(errno));
  }
  return request.wait ? wait_for_result(request, process, asked, errors) : 0;
}

}  // namespace portero
