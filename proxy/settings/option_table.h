// Every option there is. `origins` is not among them: it is a map, see raw_settings.h.
#pragma once

#include <span>
#include <string_view>

#include "proxy/settings/option.h"

namespace portero {

[[nodiscard]] std::span<const Option> all_options();

/// nullptr: no such option.
[[nodiscard]] const Option* find_option(std::string_view name);

}  // namespace portero
