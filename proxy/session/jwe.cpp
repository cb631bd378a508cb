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

constexpr std::string_view kHeaderStart = R"({"alg":"dir","enc":"A256GCM","kid":")";
constexpr std::string_view kHeaderEnd = R"(","typ":"portero+jwe"})";

int size_of(std::string_view text) { return static_cast<int>(text.size()); }

std::string encoded_header(const SealingKey& key) {
  return base64url_encode(bytes_of(std::string(kHeaderStart) + key.kid + std::string(kHeaderEnd)));
}

Cipher make_cipher() {
  const std::unique_ptr<EVP_CIPHER, decltype(&EVP_CIPHER_free)> aes(
      EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr), &EVP_CIPHER_free);
  Cipher made(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  const bool is_ready =
      made && EVP_CipherInit_ex2(made.get(), aes.get(), nullptr, nullptr, 1, nullptr) == 1;
  if (!is_ready) made.reset();
  return made;
}

/// This thread's, which takes a key and an IV; nullptr when the library fails. Made once: to look
/// the cipher up at each use takes longer than what it does.
EVP_CIPHER_CTX* cipher() {
  thread_local Cipher made(nullptr, &EVP_CIPHER_CTX_free);
  if (!made) made = make_cipher();
  return made.get();
}

std::optional<Bytes> decode(std::string_view text) {
  Result<Bytes> bytes = base64url_decode(text);
  return bytes ? std::optional(std::move(*bytes)) : std::nullopt;
}

/// Decoded, for two headers that decode alike are alike; what is not between ours is no key's name.
const SealingKey* key_of_header(std::string_view encoded, const KeyRing& keys, std::int64_t now) {
  const std::optional<Bytes> bytes = decode(encoded);
  if (!bytes) return nullptr;
  std::string_view header(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  if (header.size() < kHeaderStart.size() + kHeaderEnd.size()) return nullptr;
  if (!header.starts_with(kHeaderStart) || !header.ends_with(kHeaderEnd)) return nullptr;
  header.remove_prefix(kHeaderStart.size());
  header.remove_suffix(kHeaderEnd.size());
  return keys.opening_key(header, now);
}

}  // namespace

Result<std::string> seal_jwe(std::string_view plain, const SealingKey& key) {
  const std::string header = encoded_header(key);
  std::array<unsigned char, kIvBytes> iv{};
  std::array<unsigned char, kTagBytes> tag{};
  Bytes sealed(plain.size());
  int length = 0;
  EVP_CIPHER_CTX* const context = cipher();
  const bool done =
      context != nullptr && RAND_bytes(iv.data(), kIvBytes) == 1 &&
      EVP_EncryptInit_ex2(context, nullptr, key.k.data(), iv.data(), nullptr) == 1 &&
      EVP_EncryptUpdate(context, nullptr, &length, bytes_of(header).data(), size_of(header)) == 1 &&
      EVP_EncryptUpdate(context, sealed.data(), &length, bytes_of(plain).data(), size_of(plain)) ==
          1 &&
      EVP_EncryptFinal_ex(context, sealed.data() + length, &length) == 1 &&
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, kTagBytes, tag.data()) == 1;
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
  EVP_CIPHER_CTX* const context = cipher();
  const bool opened =
      context != nullptr &&
      EVP_DecryptInit_ex2(context, nullptr, key->k.data(), iv->data(), nullptr) == 1 &&
      EVP_DecryptUpdate(context, nullptr, &length, bytes_of(header).data(), size_of(header)) == 1 &&
      EVP_DecryptUpdate(context, out, &length, bytes->data(), static_cast<int>(bytes->size())) ==
          1 &&
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, kTagBytes, tag->data()) == 1 &&
      EVP_DecryptFinal_ex(context, out + length, &length) == 1;
  if (!opened) return Error::kNoSession;
  return plain;
}

}  // namespace portero
