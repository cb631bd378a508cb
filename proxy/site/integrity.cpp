#include "proxy/site/integrity.h"

#include <openssl/evp.h>

#include <array>

namespace portero {

Result<std::string> integrity_of(std::string_view text, int bits) {
  const EVP_MD* kind = bits == 256   ? EVP_sha256()
                       : bits == 384 ? EVP_sha384()
                       : bits == 512 ? EVP_sha512()
                                     : nullptr;
  if (kind == nullptr) return Error::kBadRequest;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, kind, nullptr) != 1) {
    return Error::kInternal;
  }
  std::array<unsigned char, 4 * ((EVP_MAX_MD_SIZE + 2) / 3) + 1> base64{};
  const int length = EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(size));
  return "sha" + std::to_string(bits) + "-" + std::string(base64.data(), base64.data() + length);
}

}  // namespace portero
