// `portero health`: whether the portero of these settings answers, for containers and other
// supervisors that have no HTTP client of their own.
#pragma once

#include <iosfwd>

#include "proxy/settings/settings.h"

namespace portero {

/// Asks `/readyz` of `internal_listen`, where it is set, else of `listen`. Exit status: 0 if the
/// answer is 200 within 2 s; 1 with what is wrong in `errors`. Blocks.
[[nodiscard]] int ask_health(const Settings& settings, std::ostream& errors);

}  // namespace portero
