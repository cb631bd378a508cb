// The process's environment, read once, before any thread starts.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace portero {

using Environment = std::map<std::string, std::string, std::less<>>;  // by name

/// Copies the environment variables that settings are read from. Those that hold a secret are then
/// overwritten where they lie, so that neither /proc/PID/environ nor a child process shows them.
/// REQUIRES: no other thread runs.
[[nodiscard]] Environment take_environment(char** variables);

/// The environment variable's value, a view into `environment`; empty: it is not set, or empty.
[[nodiscard]] std::string_view value_of(const Environment& environment, std::string_view name);

}  // namespace portero
