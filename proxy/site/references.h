// Character references in an HTML attribute (HTML Living Standard, 13.2.5.72). Pure.
#pragma once

#include <string>
#include <string_view>

namespace portero {

/// The text with its references decoded to UTF-8: all numeric ones, and the named ones of ASCII
/// punctuation, with which addresses and policies are written. Any other stays as it stands.
[[nodiscard]] std::string decode_references(std::string_view text);

}  // namespace portero
