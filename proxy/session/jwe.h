// The sealed envelope: compact JWE (RFC 7516 §7.1) with `"alg":"dir"`, `"enc":"A256GCM"` and no
// choice of anything. The cryptography is OpenSSL's; only the framing is ours.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "proxy/session/key_ring.h"
#include "wasm/result.h"

namespace portero {

/// BASE64URL(header) ".." BASE64URL(iv) "." BASE64URL(ciphertext) "." BASE64URL(tag), with a random
/// 96-bit IV and the encoded header as additional data. Errors: kInternal when the library fails.
[[nodiscard]] Result<std::string> seal_jwe(std::string_view plain, const SealingKey& key);

/// Characters of what seal_jwe() makes of so many bytes, with a key of that kid.
[[nodiscard]] std::size_t jwe_size(std::size_t plain_bytes, std::string_view kid);

/// What was sealed. The header is compared with those of the keys held, never parsed. Every part
/// must be canonical base64url, so no two texts open alike. `now` is in seconds since 1970. Errors:
/// kNoSession.
[[nodiscard]] Result<std::string> open_jwe(std::string_view sealed, const KeyRing& keys,
                                           std::int64_t now);

}  // namespace portero
