// Environment (`NAME=VALUE` lines) and flags (`--key=value`): the strongest source of a key counts.
#include "proxy/settings/option_table.h"
#include "proxy/settings/read_settings.h"
#include "proxy/settings/read_values.h"
#include "tests/fuzz/fuzz.h"

namespace portero {
namespace {

SettingsInput read_lines(std::string_view rest) {
  SettingsInput sources;
  while (!rest.empty()) {
    std::string_view value = take(rest);
    const std::string name(take(value, '='));
    if (!name.starts_with("--"))
      sources.environment[name] = value;
    else if (find_option(name.substr(2)) != nullptr)
      sources.flags.emplace_back(name.substr(2), value);
  }
  return sources;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const SettingsInput sources = read_lines(text_of(data, size));
  RawSettings raw;
  Findings findings;
  read_raw_environment(sources.environment, raw, findings);
  read_raw_flags(sources.flags, raw);
  Environment environment = sources.environment;
  Environment strongest;  // by key
  for (const Option& key : all_options())
    strongest[std::string(key.name)] = environment[env_name(key.name)];
  for (const auto& [key, value] : sources.flags) strongest[key] = value;
  for (const auto& [key, value] : strongest) {
    check(value.empty() || raw.values[key].text == value, "the strongest source counts");
  }
  Draft draft;
  read_values(raw.values, draft, findings);
  check(draft.settings.limits.target >= 64 && draft.settings.limits.target <= 1024, "in range");
  return 0;
}

}  // namespace portero
