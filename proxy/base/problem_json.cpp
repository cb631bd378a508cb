#include "proxy/base/problem_json.h"

#include <string>

namespace portero {

JsonText make_problem_json(Error error, int retry_after) {
  JsonText json;
  json.add_text("title", title(error));
  json.add_number("status", http_status(error));
  json.add_text("code", name(error));
  json.add_text("hint", hint(error));
  if (retry_after > 0) json.add_number("retry_after", retry_after);
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
          .body = make_problem_json(error, retry_after).text()};
}

}  // namespace portero
