#include "proxy/session/jwe.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "wasm/encoding.h"

namespace portero {
namespace {

constexpr std::size_t kIvBytes = 12;
constexpr std::size_t kTagBytes = 16;

using Bytes = std::vector<unsigned char>;
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

int size_of(std::string_view text) { return static_cast<int>(text.size()); }

std::string encoded_header(const SealingKey& key) {
  return base64url_encode(
      bytes_of(R"({"alg":"dir","enc":"A256GCM","kid":")" + key.kid + R"(","typ":"portero+jwe"})"));
}

std::optional<Bytes> decode(std::string_view text) {
  Result<Bytes> bytes = base64url_decode(text);
  return bytes ? std::optional(std::move(*bytes)) : std::nullopt;
}

const SealingKey* key_of_header(std::string_view header, const KeyRing& keys, std::int64_t now) {
  for (const SealingKey& key : keys.keys) {
    if (encoded_header(key) == header) return keys.opening_key(key.kid, now);
  }
  return nullptr;
}

}  // namespace

Result<std::string> seal_jwe(std::string_view plain, const SealingKey& key) {
  const std::string header = encoded_header(key);
  std::array<unsigned char, kIvBytes> iv{};
  std::array<unsigned char, kTagBytes> tag{};
  Bytes sealed(plain.size());
  int length = 0;
  const Cipher cipher(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  const bool done =
      cipher && RAND_bytes(iv.data(), kIvBytes) == 1 &&
      EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.k.data(), iv.data()) == 1 &&
      EVP_EncryptUpdate(cipher.get(), nullptr, &length, bytes_of(header).data(), size_of(header)) ==
          1 &&
      EVP_EncryptUpdate(cipher.get(), sealed.data(), &length, bytes_of(plain).data(),
                        size_of(plain)) == 1 &&
      EVP_EncryptFinal_ex(cipher.get(), sealed.data() + length, &length) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, tag.data()) == 1;
  if (!done) return Error::kInternal;
  return header + ".." + base64url_encode(iv) + "." + base64url_encode(sealed) + "." +
         base64url_encode(tag);
}

Result<std::string> open_jwe(std::string_view sealed, const KeyRing& keys, std::int64_t now) {
  std::array<std::string_view, 5> parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t end = sealed.find('.');
    if ((end == std::string_view::npos) != (i + 1 == parts.size())) return Error::kNoSession;
    parts.at(i) = sealed.substr(0, end);
    if (end != std::string_view::npos) sealed.remove_prefix(end + 1);
  }
  const auto& [header, encrypted_key, iv_text, sealed_text, tag_text] = parts;
  const SealingKey* key = key_of_header(header, keys, now);
  const std::optional<Bytes> iv = decode(iv_text);
  const std::optional<Bytes> bytes = decode(sealed_text);
  std::optional<Bytes> tag = decode(tag_text);
  if (key == nullptr || !encrypted_key.empty() || !iv || !bytes || !tag) return Error::kNoSession;
  if (iv->size() != kIvBytes || tag->size() != kTagBytes) return Error::kNoSession;

  std::string plain(bytes->size(), '\0');
  auto* out = reinterpret_cast<unsigned char*>(plain.data());
  int length = 0;
  const Cipher cipher(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  const bool opened =
      cipher &&
      EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key->k.data(), iv->data()) ==
          1 &&
      EVP_DecryptUpdate(cipher.get(), nullptr, &length, bytes_of(header).data(), size_of(header)) ==
          1 &&
      EVP_DecryptUpdate(cipher.get(), out, &length, bytes->data(),
                        static_cast<int>(bytes->size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag->data()) == 1 &&
      EVP_DecryptFinal_ex(cipher.get(), out + length, &length) == 1;
  if (!opened) return Error::kNoSession;
  return plain;
}

}  // namespace portero
