// What an option is: its name, where its value goes, which values are valid and what it means.
// Reading, the names of environment variables, the flags, docs/settings.md and "did you mean" all
// come from here. All options: option_table.h.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "proxy/settings/settings.h"

namespace portero {

/// Settings under construction. What every site inherits stays beside them until the sites are
/// made.
struct Draft {
  Settings settings;
  std::string client_id;
  std::string client_secret_file;
  Secret client_secret;  // from the environment only
  std::string proxy_credentials_file;
  std::string scope;
};

/// Where a value goes; its type is the option's type.
namespace place {
using Text = std::string& (*)(Draft&);
using Bool = bool& (*)(Draft&);
using Count = std::size_t& (*)(Draft&);
using Seconds = std::chrono::seconds& (*)(Draft&);
using Milliseconds = std::chrono::milliseconds& (*)(Draft&);
using Hidden = Secret& (*)(Draft&);
using Nets = AddressList& (*)(Draft&);
using When = Timestamp& (*)(Draft&);
using WhenOf = SubjectTimestamps& (*)(Draft&);
}  // namespace place

using Place =
    std::variant<place::Text, place::Bool, place::Count, place::Seconds, place::Milliseconds,
                 place::Hidden, place::Nets, place::When, place::WhenOf>;

/// In seconds, as durations are bounded.
inline constexpr std::int64_t kDay = std::int64_t{24} * 60 * 60;

struct Option {
  std::string_view name;  // "limits.body"
  Place place;
  bool on_command_line = false;   // also --limits-body on the command line
  bool is_path = false;           // text that names a file or a directory
  std::int64_t min = 0;           // counts; durations in seconds
  std::int64_t max = 0;           // 0: no bound
  std::string_view choices = {};  // "debug|info"; empty: any text
  std::string_view meaning;       // one sentence, Markdown
};

/// "limits.body" -> "PORTERO_LIMITS_BODY".
[[nodiscard]] std::string env_name(std::string_view key);

/// "limits.body" -> "--limits-body".
[[nodiscard]] std::string flag_name(std::string_view key);

/// Whether its value is secret: never shown, logged or written into a settings file.
[[nodiscard]] bool is_secret(const Option& key);

/// The option's default as an operator would write it: "127.0.0.1:8080", "7d", "false"; empty: it
/// has none.
[[nodiscard]] std::string default_of(const Option& key);

/// The nearest of `names`: few letters away, or `wrong` with a section before or a word behind it
/// ("lifetime", "session_keys"). nullopt: none is near.
[[nodiscard]] std::optional<std::string> find_nearest(std::string_view wrong,
                                                      const std::vector<std::string>& names);

/// " (did you mean `listen`?)" for the nearest of `names`; empty if none is near.
[[nodiscard]] std::string did_you_mean(std::string_view wrong,
                                       const std::vector<std::string>& names);

/// "604800 s" as "7d": the largest unit of d, h, m, s, ms that divides it.
[[nodiscard]] std::string write_duration(std::chrono::milliseconds duration);

}  // namespace portero
