// Which page may read an answer. Only a configured origin, compared byte for byte, is ever named;
// nothing is reflected. Requirements: docs/security.md R55, R57.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/base/http.h"

namespace portero {

/// The index of `origin` in `origins`, byte for byte; nullopt: absent, or not among them.
[[nodiscard]] std::optional<std::size_t> find_origin(const std::vector<std::string>& origins,
                                                     const std::optional<std::string>& origin);

/// The CORS headers of every answer under /v1/, whatever its status: `Vary: Origin` always; for a
/// configured origin also those that let the page read it. Empty for other paths.
[[nodiscard]] std::vector<Header> make_cors_headers(const std::vector<std::string>& origins,
                                                    std::string_view target,
                                                    std::optional<std::size_t> origin_index);

/// The answer to a preflight: 204 for a configured origin, 403 origin_refused for any other.
[[nodiscard]] Response answer_preflight(const std::vector<std::string>& origins,
                                        const Request& request);

}  // namespace portero
