// SHA-256 and HMAC-SHA-256 in the encodings this project uses. OpenSSL's.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "wasm/result.h"

namespace portero {

using Digest = std::array<unsigned char, 32>;

/// base64url(SHA-256(text)), 43 characters. Errors: kInternal when the library fails.
[[nodiscard]] Result<std::string> sha256_base64url(std::string_view text);

/// HMAC-SHA-256 (RFC 2104). Errors: kInternal when the library fails.
[[nodiscard]] Result<Digest> hmac_sha256(std::span<const unsigned char> key, std::string_view text);

}  // namespace portero
