// ES256 (RFC 7518 §3.4): ECDSA on P-256 with SHA-256, verified; and a public key's name (RFC 7638).
// The arithmetic is OpenSSL's. We sign nothing and hold no private key.
#pragma once

#include <string>
#include <string_view>

#include "wasm/result.h"

namespace portero {

/// A public key as a JWK writes it: each coordinate 32 bytes in base64url (RFC 7518 §6.2.1).
struct EcPublicKey {
  std::string x;
  std::string y;
};

enum class Es256 { kVerified, kBadKey, kBadSignature };

/// Whether `signature` (base64url of r and s, 32 bytes each) is the key's on `text`. kBadKey: a
/// coordinate that is not 32 bytes in canonical base64url, or a point that is not on the curve.
[[nodiscard]] Es256 verify_es256(const EcPublicKey& key, std::string_view text,
                                 std::string_view signature);

/// The key's thumbprint: 43 characters of base64url. Errors: kInternal when the library fails.
/// REQUIRES: verify_es256() did not say kBadKey, so that the key is written in its one way.
[[nodiscard]] Result<std::string> make_thumbprint(const EcPublicKey& key);

}  // namespace portero
