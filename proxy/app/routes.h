// Every call the proxy answers, as the one table of paths, methods and lanes.
// cpp-httplib's routes are registered from it; the gate finds a request's route in it once.
#pragma once

#include <span>

#include "proxy/base/route.h"

namespace portero {

[[nodiscard]] std::span<const Route> routes();

}  // namespace portero
