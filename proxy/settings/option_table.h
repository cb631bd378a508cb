// Every option. `origins` is not among them: it is a map, see raw_settings.h.
#pragma once

#include <span>
#include <string_view>

#include "proxy/settings/option.h"

namespace portero {

/// In the order of docs/settings.md.
[[nodiscard]] std::span<const Option> all_options();

/// The option of that name; nullptr: there is no such option.
[[nodiscard]] const Option* find_option(std::string_view name);

}  // namespace portero
