// Who a visitor is, as header lines for the program behind a web server. All six are always there:
// a front that copies a name which is absent may copy something else.
#pragma once

#include <cstddef>
#include <string>

#include "proxy/session/claims.h"

namespace portero {

/// Most bytes of the lines: with what every answer has, a head stays below 2,048 bytes. nginx's
/// buffer for it is 4,096 or 8,192 bytes.
inline constexpr std::size_t kIdentityMax = 1700;

struct IdentityLines {
  std::string text;        // each line ends in CRLF
  std::size_t groups = 0;  // how many of the session's are in it: those that fit, from the first on
};

/// X-Auth-Request-User and -Preferred-Username (the login), -User-Id, -Name, -Email, -Groups with
/// commas between. What is not known is empty. Of a value, visible ASCII but `%` stays, and so do
/// blanks inside; all other bytes are %XX, in a group `,` too.
[[nodiscard]] IdentityLines write_identity(const Session& session);

}  // namespace portero
