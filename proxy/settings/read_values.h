// Each option's text into a value of its type, or a finding. option_table.h says what is good.
#pragma once

#include "proxy/settings/option.h"
#include "proxy/settings/raw_settings.h"

namespace portero {

/// Reads every value into its place. REQUIRES: every name in `values` is a key.
void read_values(const RawValues& values, Draft& draft, Findings& findings);

/// Reports values of an origin's entry (`at`) that are not text, or not true or false where that is
/// what they must be.
void check_site_shapes(const std::string& at, const RawValues& values, Findings& findings);

}  // namespace portero
