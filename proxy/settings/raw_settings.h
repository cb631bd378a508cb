// Settings as they were written, not yet validated: each option with the text of its value, from
// the strongest source (flag > environment > file). The one place of this room that knows JSON.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proxy/base/problem.h"
#include "proxy/settings/environment.h"

namespace portero {

/// The JSON type of a value. kAny: from the environment or a flag, whose text may be any of them. A
/// list of texts (kList) or of whole numbers (kNumbers) is kept as one text, separated by spaces.
enum class Shape { kAny, kText, kNumber, kFlag, kList, kNumbers, kOther };

struct RawValue {
  std::string text;
  Shape shape = Shape::kAny;
  std::string in_file = {};  // a relative path as the settings file has it; see paths.h
};

using RawValues = std::map<std::string, RawValue, std::less<>>;  // by key: "limits.body"

/// Settings by name: "limits.body", "origins[https://page.example].scope".
using SettingNames = std::set<std::string, std::less<>>;

/// One of `policies`. Its values are "origin", "max_age" and "allow"; if that is an object, it is
/// kOther, and its members are values, too: "allow.teams".
struct RawPolicy {
  std::string name;
  RawValues values;
};

struct RawSettings {
  RawValues values;
  std::map<std::string, RawValues, std::less<>> sites;  // by origin, as written
  std::vector<RawPolicy> policies;                      // in the order in which they are written
  /// Settings that a finding is about though it names something else (a misspelt name): that they
  /// are not set is no second mistake.
  SettingNames meant;
  bool is_whole = true;  // false: a settings file was named and could not be read
};

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
