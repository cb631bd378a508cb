#include "proxy/base/problem_json.h"

#include <string>

namespace portero {

Json make_problem_json(Error error, int retry_after) {
  Json json = {{"title", title(error)},
               {"status", http_status(error)},
               {"code", name(error)},
               {"hint", hint(error)}};
  if (retry_after > 0) json["retry_after"] = retry_after;
  return json;
}

std::vector<Header> make_problem_headers(int retry_after) {
  std::vector<Header> headers = {{"Content-Type", "application/problem+json"}};
  if (retry_after > 0) headers.push_back({"Retry-After", std::to_string(retry_after)});
  return headers;
}

Response make_problem(Error error, int retry_after) {
  return {.status = http_status(error),
          .headers = make_problem_headers(retry_after),
          .body = write_json(make_problem_json(error, retry_after))};
}

}  // namespace portero
