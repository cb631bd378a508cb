#include "proxy/session/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include "wasm/encoding.h"

namespace portero {

Result<std::string> sha256_base64url(std::string_view text) {
  Digest digest{};
  if (SHA256(bytes_of(text).data(), text.size(), digest.data()) == nullptr) return Error::kInternal;
  return base64url_encode(digest);
}

Result<Digest> hmac_sha256(std::span<const unsigned char> key, std::string_view text) {
  Digest digest{};
  const unsigned char* made = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                                   bytes_of(text).data(), text.size(), digest.data(), nullptr);
  if (made == nullptr) return Error::kInternal;
  return digest;
}

}  // namespace portero
