#include "proxy/base/http.h"

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

}  // namespace portero
