// Settings as they were written, before anybody asked whether they are good: each key with the text
// of its value, the strongest source already chosen (flag > environment > file). The one place of
// this room that knows JSON.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proxy/base/problem.h"
#include "proxy/settings/environment.h"

namespace portero {

/// What JSON said a value is. The environment and flags have text only, which may be any of them.
/// A list of texts is kept as one, separated by spaces.
enum class Shape { kAny, kText, kNumber, kFlag, kList, kOther };

struct RawValue {
  std::string text;
  Shape shape = Shape::kAny;
};

using RawValues = std::map<std::string, RawValue, std::less<>>;  // by key: "limits.body"

struct RawSettings {
  RawValues values;
  std::map<std::string, RawValues, std::less<>> sites;  // by origin, as written
};

using CommandLineValues = std::vector<std::pair<std::string, std::string>>;  // key, value

/// Most bytes of a settings file.
inline constexpr std::size_t kSettingsFileMax = 256 * 1024;

/// Adds what a settings file says. `name` is the file's, for findings about it as a whole.
void read_raw_file(std::string_view json, std::string_view name, RawSettings& raw,
                   Findings& findings);

/// Adds the environment variables PORTERO_… and PORT; an empty one counts as not set.
/// PORTERO_ORIGINS is the JSON of `origins` or a list of redirect URIs separated by commas or
/// spaces. An unknown variable is a mistake when it looks like a known one, else a warning.
void read_raw_environment(const Environment& environment, RawSettings& raw, Findings& findings);

/// Adds the command line's.
void read_raw_flags(const CommandLineValues& flags, RawSettings& raw);

}  // namespace portero
