// The address of a file: its name with exactly one percent-encoding, the one that browsers send. A
// request is compared with it byte for byte, so no other writing of a name finds a file. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace portero {

/// One segment of a path: what the URL Standard's path percent-encode set names, `%` and every byte
/// beyond ASCII become %XX, upper case; all else stays. nullopt: no address fits in every browser
/// and front. Such a name is empty, `.`, `..` or not UTF-8, or holds `/`, a control byte, `\` (a
/// browser makes `/` of it) or `|` (Chromium encodes it, Firefox and WebKit do not).
[[nodiscard]] std::optional<std::string> make_segment(std::string_view name);

/// Whether the bytes are UTF-8 (RFC 3629): no overlong form, no surrogate, nothing above U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace portero
