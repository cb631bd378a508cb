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

/// AES-256-GCM of one thread. It is made once and given a key only when that is another than the
/// last one: to look the cipher up, and to expand the key, takes longer than what is done with it.
class Aead {
 public:
  Aead() = default;

  /// Ready for one message; nullptr when the library fails.
  EVP_CIPHER_CTX* begin(const SealingKey& key, const unsigned char* iv, bool seals) {
    if (!cipher_) cipher_ = make_cipher();
    const bool is_known = has_key_ && key_ == key.k;
    has_key_ =
        cipher_ && EVP_CipherInit_ex2(cipher_.get(), nullptr, is_known ? nullptr : key.k.data(), iv,
                                      seals ? 1 : 0, nullptr) == 1;
    key_ = key.k;
    return has_key_ ? cipher_.get() : nullptr;
  }

 private:
  Cipher cipher_{nullptr, &EVP_CIPHER_CTX_free};
  std::array<unsigned char, 32> key_{};
  bool has_key_ = false;
};

Aead& aead() {
  thread_local Aead made;
  return made;
}

std::span<unsigned char> bytes_in(std::string& text) {
  return {reinterpret_cast<unsigned char*>(text.data()), text.size()};
}

/// Decoded, for two headers that decode alike are alike; what is not between ours is no key's name.
const SealingKey* key_of_header(std::string_view encoded, const KeyRing& keys, std::int64_t now) {
  constexpr std::size_t kOurs = kHeaderStart.size() + kHeaderEnd.size();
  std::array<char, kOurs + kKidMax> decoded;
  const std::size_t size = base64url_decoded_size(encoded);
  if (size < kOurs || size > decoded.size()) return nullptr;
  const std::span<unsigned char> bytes(reinterpret_cast<unsigned char*>(decoded.data()), size);
  if (!base64url_decode_to(encoded, bytes)) return nullptr;
  std::string_view header(decoded.data(), size);
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
  if (RAND_bytes(iv.data(), kIvBytes) != 1) return Error::kInternal;
  EVP_CIPHER_CTX* const context = aead().begin(key, iv.data(), true);
  const bool done =
      context != nullptr &&
      EVP_EncryptUpdate(context, nullptr, &length, bytes_of(header).data(), size_of(header)) == 1 &&
      EVP_EncryptUpdate(context, sealed.data(), &length, bytes_of(plain).data(), size_of(plain)) ==
          1 &&
      EVP_EncryptFinal_ex(context, sealed.data() + length, &length) == 1 &&
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, kTagBytes, tag.data()) == 1;
  if (!done) return Error::kInternal;
  return header + ".." + base64url_encode(iv) + "." + base64url_encode(sealed) + "." +
         base64url_encode(tag);
}

std::size_t jwe_size(std::size_t plain_bytes, std::string_view kid) {
  constexpr std::size_t kDots = 4;
  const auto encoded = [](std::size_t bytes) { return (bytes * 4 + 2) / 3; };
  return encoded(kHeaderStart.size() + kid.size() + kHeaderEnd.size()) + encoded(kIvBytes) +
         encoded(plain_bytes) + encoded(kTagBytes) + kDots;
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
  std::array<unsigned char, kIvBytes> iv{};
  std::array<unsigned char, kTagBytes> tag{};
  std::string plain(base64url_decoded_size(sealed_text), '\0');  // sealed, until it is opened
  const bool is_read = base64url_decode_to(iv_text, iv) && base64url_decode_to(tag_text, tag) &&
                       base64url_decode_to(sealed_text, bytes_in(plain));
  if (key == nullptr || !encrypted_key.empty() || !is_read) return Error::kNoSession;

  unsigned char* const out = bytes_in(plain).data();
  int length = 0;
  EVP_CIPHER_CTX* const context = aead().begin(*key, iv.data(), false);
  const bool opened =
      context != nullptr &&
      EVP_DecryptUpdate(context, nullptr, &length, bytes_of(header).data(), size_of(header)) == 1 &&
      EVP_DecryptUpdate(context, out, &length, out, size_of(plain)) == 1 &&
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(context, out + length, &length) == 1;
  if (!opened) return Error::kNoSession;
  return plain;
}

}  // namespace portero
