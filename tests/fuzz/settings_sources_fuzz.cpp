// Environment (`NAME=VALUE` lines) and flags (`--key=value`): the strongest source of a key counts.
#include "proxy/settings/option_table.h"
#include "proxy/settings/read_settings.h"
#include "proxy/settings/read_values.h"
#include "tests/fuzz/judgements.h"

namespace portero::settings_sources_fuzz {

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

FUZZ_TARGET(settings_sources)(const std::uint8_t* data, std::size_t size) {
  const auto [file, given, flags] = read_lines(text_of(data, size));
  RawSettings raw;
  Findings findings;
  read_raw_environment(given, raw, findings);
  read_raw_flags(flags, raw);
  for (const auto& [key, wrong, fix] : findings.mistakes)
    check(key != "PORTERO_ORIGINS" || names_places_in(wrong + fix, value_of(given, key)), "there");
  Environment strongest;  // by key
  for (const Option& key : all_options())
    strongest[std::string(key.name)] = value_of(given, env_name(key.name));
  for (const auto& [key, value] : flags) strongest[key] = value;
  for (const auto& [key, value] : strongest)
    check(value.empty() || raw.values[key].text == value, "the strongest source counts");
  Draft draft;
  read_values(raw.values, draft, findings);
  check(draft.settings.limits.target >= 64 && draft.settings.limits.target <= 1024, "in range");
  return 0;
}

}  // namespace portero::settings_sources_fuzz
