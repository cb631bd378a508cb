// Headers found by name, and the one shape every refusal of this proxy has.
// Refuses to say anything an error's own table does not say: no input is echoed.
#include "proxy/base/http.h"

#include "proxy/base/json.h"
#include "proxy/base/text.h"

namespace portero {

const std::string* find_header(const std::vector<Header>& headers, std::string_view name) {
  for (const Header& header : headers) {
    if (equals_ignoring_case(header.name, name)) return &header.value;
  }
  return nullptr;
}

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

bool is_api_target(std::string_view target) { return target.starts_with("/v1/"); }

Response make_problem(Error error, int retry_after) {
  Json body = {{"title", title(error)},
               {"status", http_status(error)},
               {"code", name(error)},
               {"hint", hint(error)}};
  if (retry_after > 0) body["retry_after"] = retry_after;
  Response response{.status = http_status(error),
                    .headers = {{"Content-Type", "application/problem+json"}},
                    .body = write_json(body)};
  if (retry_after > 0) response.headers.push_back({"Retry-After", std::to_string(retry_after)});
  return response;
}

}  // namespace portero
