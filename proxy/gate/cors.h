// Which page may read an answer. Only a configured origin, compared byte for byte, is ever named;
// nothing is reflected.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/base/http.h"

namespace portero {

/// Where `origin` stands among `origins`, equal byte for byte; nullopt: nowhere, or there is none.
[[nodiscard]] std::optional<std::size_t> find_origin(const std::vector<std::string>& origins,
                                                     const std::optional<std::string>& origin);

/// The headers of every answer under /v1/, whoever wrote it and whatever its status: `Vary: Origin`
/// always; what lets the page read it once its origin is a configured one. Empty elsewhere.
[[nodiscard]] std::vector<Header> make_cors_headers(const std::vector<std::string>& origins,
                                                    std::string_view target,
                                                    std::optional<std::size_t> origin_index);

/// The answer to a preflight: 204 for a configured origin, 403 origin_refused for any other.
[[nodiscard]] Response answer_preflight(const std::vector<std::string>& origins,
                                        const Request& request);

}  // namespace portero
