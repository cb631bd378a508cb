// `portero reload`: asks a running portero to read its settings anew, and learns what came of it.
// The two meet in one file, which the running one writes after each such reload: no listener has to
// be open, and it works for every systemd there is.
#pragma once

#include <chrono>
#include <iosfwd>
#include <string>
#include <vector>

#include "proxy/settings/environment.h"

namespace portero {

/// What came of reading the settings anew.
struct ReloadResult {
  std::chrono::nanoseconds begun = {};  // by CLOCK_MONOTONIC, which all processes share
  std::vector<std::string> refused =
      {};  // why the old ones stay, a line each; empty: they are read
};

/// Where the result is: below systemd's $RUNTIME_DIRECTORY. Empty: nowhere.
[[nodiscard]] std::string reload_result_file(const Environment& environment);

/// Writes it, whole or not at all; readable by the own user only. False: it could not be written.
[[nodiscard]] bool write_reload_result(const std::string& file, const ReloadResult& result);

struct ReloadRequest {
  std::string pid;   // of the running portero, as text
  std::string file;  // reload_result_file()
  bool wait = false;
  std::chrono::milliseconds patience = std::chrono::seconds(30);
};

/// Sends SIGHUP to `pid`. With `wait`, returns when a reload that began later has ended. Exit
/// status: 0, or 1 with what is wrong in `errors`. Blocks.
[[nodiscard]] int ask_for_reload(const ReloadRequest& request, std::ostream& errors);

/// Now, by the clock of `begun`.
[[nodiscard]] std::chrono::nanoseconds reload_clock();

}  // namespace portero
