#include "proxy/gate/cors.h"

#include <algorithm>

#include "proxy/base/text.h"

namespace portero {

std::optional<std::size_t> find_origin(const std::vector<std::string>& origins,
                                       const std::optional<std::string>& origin) {
  if (!origin) return std::nullopt;
  const auto at = std::lower_bound(origins.begin(), origins.end(), *origin);
  if (at == origins.end() || *at != *origin) return std::nullopt;
  return static_cast<std::size_t>(at - origins.begin());
}

bool CorsHeaders::has(std::string_view name) const {
  const std::span<const Line> all = lines();
  return std::any_of(all.begin(), all.end(),
                     [=](const Line& line) { return equals_ignoring_case(line.name, name); });
}

CorsHeaders make_cors_headers(const std::vector<std::string>& origins, std::string_view target,
                              std::optional<std::size_t> origin_index) {
  CorsHeaders headers;
  if (!is_api_target(target)) return headers;
  headers.add("Vary", "Origin");
  if (!origin_index) return headers;
  headers.add("Access-Control-Allow-Origin", origins.at(*origin_index));
  headers.add("Access-Control-Allow-Credentials", "true");
  headers.add("Access-Control-Expose-Headers", "Retry-After");
  return headers;
}

Response answer_preflight(const std::vector<std::string>& origins, const Request& request) {
  if (!request.origin_index) return make_problem(Error::kOriginRefused);
  return {
      .status = 204,
      .headers = {{"Access-Control-Allow-Origin", origins.at(*request.origin_index)},
                  {"Access-Control-Allow-Credentials", "true"},
                  {"Access-Control-Allow-Methods", "GET, POST, DELETE"},
                  {"Access-Control-Allow-Headers", "content-type, x-portero, authorization, dpop"},
                  {"Access-Control-Max-Age", "7200"},
                  {"Vary", "Origin"}},
      .body = {}};
}

}  // namespace portero
