// Who somebody is at GitHub, as far as this project tells a page. The subject is (issuer, id);
// a login or an e-mail address may change hands and never identifies anybody.
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
