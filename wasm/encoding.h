// base64url (RFC 4648 §5, without padding), percent-encoding of URL queries, and the one comparison
// used on secrets. Decoders are strict: for every text they accept, encoding the result gives a
// text with the same meaning, and for base64url the same bytes.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wasm/result.h"

namespace portero {

/// The same bytes, as libraries of cryptography want them. Valid as long as `text` is.
[[nodiscard]] inline std::span<const unsigned char> bytes_of(std::string_view text) {
  return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

/// Two lower-case hexadecimal digits a byte.
[[nodiscard]] std::string hex_encode(std::span<const unsigned char> bytes);

/// base64url without padding: 32 bytes become 43 characters.
[[nodiscard]] std::string base64url_encode(std::span<const unsigned char> bytes);

/// The bytes of a base64url text. Refuses padding, white space, other alphabets, impossible lengths
/// and stray bits in the last character, so that no two texts decode to the same bytes.
/// Errors: kBadRequest.
[[nodiscard]] Result<std::vector<unsigned char>> base64url_decode(std::string_view text);

/// How many bytes a base64url text of that length has.
[[nodiscard]] inline std::size_t base64url_decoded_size(std::string_view text) {
  return text.size() * 3 / 4;
}

/// base64url_decode() into memory of the caller, which must be as large as
/// base64url_decoded_size() says. False: refused; then `bytes` hold nothing of use.
[[nodiscard]] bool base64url_decode_to(std::string_view text, std::span<unsigned char> bytes);

/// `text` as the name or value of a URL query or of a form body: every byte but
/// [A-Za-z0-9._~-] becomes %XX, upper case. A space is %20, so both readings agree.
[[nodiscard]] std::string percent_encode(std::string_view text);

/// A name or value of a URL query, decoded once: %XX in either case, `+` is a space. The bytes may
/// be anything, NUL included: the caller checks them. Errors: kBadRequest for a `%` without two
/// digits.
[[nodiscard]] Result<std::string> percent_decode(std::string_view text);

/// Whether two texts are the same, in a time that depends on their lengths only.
[[nodiscard]] bool equal_constant_time(std::string_view a, std::string_view b);

}  // namespace portero
