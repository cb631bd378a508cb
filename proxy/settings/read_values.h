// Reads each option's text into a value of its type, or reports it. The ranges: option_table.h.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "proxy/settings/option.h"
#include "proxy/settings/raw_settings.h"

namespace portero {

/// "7d", "12h", "30m", "10s", "500ms"; a bare number is seconds. nullopt: it is none.
[[nodiscard]] std::optional<std::chrono::milliseconds> read_duration(std::string_view text);

/// Reads every value into its place. REQUIRES: every name in `values` is an option.
void read_values(const RawValues& values, Draft& draft, Findings& findings);

/// Reports values of an origin's entry (`at`) that have the wrong type: not text, or not true or
/// false.
void check_site_shapes(const std::string& at, const RawValues& values, Findings& findings);

}  // namespace portero
