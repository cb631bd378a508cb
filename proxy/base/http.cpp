// Headers found by name, and the one shape every refusal of this proxy has.
// Refuses to say anything an error's own table does not say: no input is echoed.
#include "proxy/base/http.h"

#include <algorithm>

#include "proxy/base/json.h"

namespace portero {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

const std::string* find_header(const std::vector<Header>& headers, std::string_view name) {
  const auto same = [](char a, char b) { return lower(a) == lower(b); };
  for (const Header& header : headers) {
    if (std::equal(header.name.begin(), header.name.end(), name.begin(), name.end(), same)) {
      return &header.value;
    }
  }
  return nullptr;
}

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

Response make_problem(Error error, int retry_after) {
  Json body;
  body["title"] = title(error);
  body["status"] = http_status(error);
  body["code"] = name(error);
  body["hint"] = hint(error);
  Response response{.status = http_status(error), .headers = {}, .body = {}};
  response.headers.push_back({"Content-Type", "application/problem+json"});
  if (retry_after > 0) {
    body["retry_after"] = retry_after;
    response.headers.push_back({"Retry-After", std::to_string(retry_after)});
  }
  response.body = write_json(body);
  return response;
}

Answer refuse(Error error, int retry_after) {
  return {.response = make_problem(error, retry_after), .refused = error};
}

}  // namespace portero
