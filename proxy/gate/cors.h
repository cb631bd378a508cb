// Which page may read an answer. Only a configured origin, compared byte for byte, is ever named;
// nothing is reflected (docs/security.md R55).
#pragma once

#include <string_view>
#include <vector>

#include "proxy/base/http.h"
#include "proxy/settings/settings.h"

namespace portero {

/// True below /v1/: what pages of other origins may call.
[[nodiscard]] bool is_api_target(std::string_view target);

/// The headers of every answer under /v1/, whoever wrote it and whatever its status: `Vary: Origin`
/// always; what lets the page read it once `request.origin` is a configured one. Empty elsewhere.
[[nodiscard]] std::vector<Header> make_cors_headers(const Settings& settings,
                                                    const Request& request);

/// The answer to a preflight: 204 for a configured origin, 403 origin_refused for any other.
/// REQUIRES: request.origin holds a value.
[[nodiscard]] Response respond_to_preflight(const Settings& settings, const Request& request);

}  // namespace portero
