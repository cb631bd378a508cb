#include "proxy/settings/environment.h"

#include <string.h>  // explicit_bzero

#include <algorithm>

#include "proxy/settings/option_table.h"

namespace portero {
namespace {

template <std::size_t Count>
bool is_one_of(const std::array<std::string_view, Count>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Beside those of sockets, LISTEN_….
constexpr std::array<std::string_view, 5> kFromSystemd = {
    "CREDENTIALS_DIRECTORY", "JOURNAL_STREAM", "MAINPID", "NOTIFY_SOCKET", "RUNTIME_DIRECTORY"};

bool is_ours(const std::string& name) {
  return name.starts_with("PORTERO_") || name.starts_with("LISTEN_") || name == "PORT" ||
         is_one_of(kFromSystemd, name) || is_one_of(kProxyVariables, name) ||
         is_one_of(kNoProxyVariables, name);
}

bool names_a_secret(const std::string& name) {
  for (const Option& key : all_options()) {
    if (is_secret(key) && env_name(key.name) == name) return true;
  }
  return false;
}

}  // namespace

Environment take_environment(char** variables) {
  Environment environment;
  for (char** variable = variables; *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string name(text.substr(0, equals));
    if (!is_ours(name)) continue;
    const std::string_view value = text.substr(equals + 1);
    environment[name] = std::string(value);
    if (names_a_secret(name)) ::explicit_bzero(*variable + equals + 1, value.size());
  }
  return environment;
}

std::string_view value_of(const Environment& environment, std::string_view name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string_view() : found->second;
}

}  // namespace portero
