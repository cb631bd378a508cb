// Settings as they were written, not yet validated: each option with the text of its value, from
// the strongest source (flag > environment > file). With raw_json.h and raw_policies.h the one
// place of this room that knows JSON.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proxy/base/problem.h"
#include "proxy/settings/environment.h"
#include "proxy/settings/raw_value.h"

namespace portero {

using CommandLineValues = std::vector<std::pair<std::string, std::string>>;  // key, value

/// Most bytes of a settings file.
inline constexpr std::size_t kSettingsFileMax = 256 * 1024;

/// "origins[https://page.example]"; of a user name and password in the origin, nothing is shown.
[[nodiscard]] std::string name_site(std::string_view origin);

/// Adds the values of a settings file. `name` is the file's, for findings about the whole file.
void read_raw_file(std::string_view json, std::string_view name, RawSettings& raw,
                   Findings& findings);

/// Adds the environment variables PORTERO_… and PORT; an empty one counts as not set.
/// PORTERO_ORIGINS is the JSON of `origins` or a list of redirect URIs separated by commas or
/// spaces, PORTERO_POLICIES the JSON of `policies`. An unknown environment variable is a mistake
/// when it looks like a known one, else a warning.
void read_raw_environment(const Environment& environment, RawSettings& raw, Findings& findings);

/// Adds the values of the command line.
void read_raw_flags(const CommandLineValues& flags, RawSettings& raw);

}  // namespace portero
