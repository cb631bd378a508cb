// base64url, percent-encoding and hex: what was encoded decodes to itself, and a text that decodes
// is the one text for its bytes.
#include "tests/fuzz/fuzz.h"
#include "wasm/encoding.h"

namespace portero::encoding_fuzz {

void validate_base64url(std::span<const unsigned char> bytes, std::string_view text) {
  const std::string encoded = base64url_encode(bytes);
  check(encoded.size() == (bytes.size() * 4 + 2) / 3, "base64url has its length");
  check(consists_of(encoded, "-_"), "base64url has its alphabet");
  const auto back = base64url_decode(encoded);
  check(back && std::equal(back->begin(), back->end(), bytes.begin(), bytes.end()),
        "base64url comes back");
  const auto read = base64url_decode(text);
  check(!read || base64url_encode(*read) == text, "base64url is canonical");
}

void validate_percent(std::string_view text) {
  const std::string encoded = percent_encode(text);
  check(consists_of(encoded, "-._~%"), "percent-encoding has its alphabet");
  const auto back = percent_decode(encoded);
  check(back && *back == text, "percent-encoding comes back");
  const auto read = percent_decode(text);
  if (!read) return check(text.find('%') != std::string_view::npos, "only a % can be wrong");
  check(read->size() <= text.size(), "decoding never grows");
  check(*percent_decode(percent_encode(*read)) == *read, "decoded text comes back");
}

FUZZ_TARGET(encoding)(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = text_of(data, size);
  validate_base64url({data, size}, text);
  validate_percent(text);
  check(hex_encode({data, size}).size() == 2 * size, "hex has its length");
  const std::string_view a = text.substr(0, size / 2);
  const std::string_view b = text.substr(size / 2);
  check(equal_constant_time(a, b) == (a == b), "constant time says what == says");
  return 0;
}

}  // namespace portero::encoding_fuzz
