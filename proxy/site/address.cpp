#include "proxy/site/address.h"

#include <algorithm>
#include <cstddef>

#include "proxy/base/url.h"

namespace portero {
namespace {

constexpr std::string_view kEncoded = " \"#<>?^`{}%";
constexpr std::string_view kUnfit = "/\\|\x7f";

bool stays(char c) {
  return static_cast<unsigned char>(c) < 0x80 && kEncoded.find(c) == std::string_view::npos;
}

unsigned char byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

/// The length of the character that begins there, if that is a whole one of UTF-8; 0 otherwise.
std::size_t character_size(std::string_view text) {
  const unsigned char first = byte_at(text, 0);
  if (first < 0x80) return 1;
  const std::size_t size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (first < 0xc2 || first > 0xf4 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte_at(text, i) & 0xc0U) != 0x80) return 0;
  }
  const unsigned char second = byte_at(text, 1);
  const bool is_overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool is_surrogate = first == 0xed && second > 0x9f;
  const bool is_beyond = first == 0xf4 && second > 0x8f;
  return is_overlong || is_surrogate || is_beyond ? 0 : size;
}

bool fits(std::string_view name) {
  return !name.empty() && name != "." && name != ".." &&
         name.find_first_of(kUnfit) == std::string_view::npos &&
         std::none_of(name.begin(), name.end(),
                      [](char c) { return static_cast<unsigned char>(c) < ' '; });
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::optional<std::string> make_segment(std::string_view name) {
  if (!fits(name) || !is_utf8(name)) return std::nullopt;
  return percent_encode(name, stays);
}

}  // namespace portero
