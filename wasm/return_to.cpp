#include "wasm/return_to.h"

#include <algorithm>
#include <cstddef>

#include "wasm/characters.h"
#include "wasm/encoding.h"
#include "wasm/protocol.h"

namespace portero {
namespace {

/// What a server that decodes once would see.
bool is_path(std::string_view path) {
  if (!path.starts_with('/')) return false;
  const Result<std::string> decoded = percent_decode(path);
  if (!decoded) return false;
  char before = 0;
  for (const char c : *decoded) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F || c == '\\') return false;
    if (c == '/' && before == '/') return false;
    before = c;
  }
  return true;
}

}  // namespace

bool is_return_to(std::string_view text) {
  if (text.size() > kReturnToMax) return false;
  if (!std::all_of(text.begin(), text.end(), is_visible)) return false;
  return is_path(text.substr(0, text.find('#')).substr(0, text.find('?')));
}

}  // namespace portero
