// The process's environment, read once, before any thread starts.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>

namespace portero {

/// Where other programs look for a forward proxy for https, and for who is called without one, in
/// their order. portero reads them to say that it does not use them (proxy_variables.h).
inline constexpr std::array<std::string_view, 4> kProxyVariables = {"https_proxy", "HTTPS_PROXY",
                                                                    "all_proxy", "ALL_PROXY"};
inline constexpr std::array<std::string_view, 2> kNoProxyVariables = {"no_proxy", "NO_PROXY"};

using Environment = std::map<std::string, std::string, std::less<>>;  // by name

/// Copies the environment variables that settings are read from. Those that hold a secret are then
/// overwritten where they lie, so that neither /proc/PID/environ nor a child process shows them.
/// REQUIRES: no other thread runs.
[[nodiscard]] Environment take_environment(char** variables);

/// The environment variable's value, a view into `environment`; empty: it is not set, or empty.
[[nodiscard]] std::string_view value_of(const Environment& environment, std::string_view name);

}  // namespace portero
