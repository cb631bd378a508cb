// The text of a log line without its time and level. Pure. Whatever a value holds, the line stays
// one line of printable ASCII, and as JSON it parses (docs/security.md R105).
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace portero {

struct Field {
  std::string_view key;
  std::string value;
};

/// `login_failed request=… reason=code_rejected`, values quoted where they need it; or, as JSON,
/// the members `"event":"login_failed","request":"…"` without the braces. Every byte that is not
/// printable ASCII becomes `\u00` and two hex digits. A value ends after 256 bytes, or after 512 as
/// escaped, whichever comes first.
[[nodiscard]] std::string make_log_line(bool json, std::string_view event,
                                        std::initializer_list<Field> fields);

}  // namespace portero
