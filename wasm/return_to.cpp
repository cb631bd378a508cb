#include "wasm/return_to.h"

#include <algorithm>
#include <cstddef>

#include "wasm/encoding.h"
#include "wasm/protocol.h"

namespace portero {
namespace {

constexpr bool is_visible(char c) { return c >= '!' && c <= '~'; }

/// What a server that decodes once would see.
bool is_path(std::string_view path) {
  if (!path.starts_with('/')) return false;
  if (path.find("//") != std::string_view::npos) return false;
  const Result<std::string> decoded = percent_decode(path);
  if (!decoded) return false;
  const std::string_view seen = *decoded;
  if (seen.find('\\') != std::string_view::npos) return false;
  if (seen.find("//") != std::string_view::npos) return false;
  return std::none_of(seen.begin(), seen.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
}

}  // namespace

bool is_return_to(std::string_view text) {
  if (text.size() > kReturnToMax) return false;
  if (!std::all_of(text.begin(), text.end(), is_visible)) return false;
  return is_path(text.substr(0, text.find_first_of("?#")));
}

}  // namespace portero
