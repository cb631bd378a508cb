#include "proxy/gate/cors.h"

#include "proxy/base/url.h"

namespace portero {
namespace {

const Site* find_caller(const Settings& settings, const Request& request) {
  return request.origin ? find_site_by_origin(settings, *request.origin) : nullptr;
}

}  // namespace

bool is_api_target(std::string_view target) { return target.starts_with("/v1/"); }

std::vector<Header> make_cors_headers(const Settings& settings, const Request& request) {
  if (!is_api_target(request.target)) return {};
  std::vector<Header> headers = {{"Vary", "Origin"}};
  const Site* site = find_caller(settings, request);
  if (site == nullptr) return headers;
  headers.push_back({"Access-Control-Allow-Origin", site->origin});
  headers.push_back({"Access-Control-Allow-Credentials", "true"});
  headers.push_back({"Access-Control-Expose-Headers", "Retry-After"});
  return headers;
}

Response respond_to_preflight(const Settings& settings, const Request& request) {
  const Site* site = find_caller(settings, request);
  if (site == nullptr) return make_problem(Error::kOriginRefused);
  return {
      .status = 204,
      .headers = {{"Access-Control-Allow-Origin", site->origin},
                  {"Access-Control-Allow-Credentials", "true"},
                  {"Access-Control-Allow-Methods", "GET, POST, DELETE"},
                  {"Access-Control-Allow-Headers", "content-type, x-portero, authorization, dpop"},
                  {"Access-Control-Max-Age", "7200"},
                  {"Vary", "Origin"}},
      .body = {}};
}

}  // namespace portero
