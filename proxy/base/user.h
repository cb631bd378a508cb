// A person at GitHub, as far as this project tells a page. (issuer, id) identifies a person. A
// login or an e-mail address never does: it may change hands.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace portero {

struct User {
  std::int64_t id = 0;  // 1 to 2^53 - 1: what JavaScript holds exactly
  std::string login;
  std::optional<std::string> name;  // neither it nor the address holds a control character
  std::string avatar_url;           // https; empty when GitHub gave none that may be shown
  std::string html_url;             // likewise
  std::optional<std::string> email;
};

}  // namespace portero
