#include "proxy/session/nonce.h"

#include <openssl/crypto.h>

#include "proxy/session/digest.h"
#include "wasm/encoding.h"

namespace portero {
namespace {

/// A sealing key seals and nothing else: nonces have a key of their own, made from it.
constexpr std::string_view kPurpose = "portero dpop nonce";

std::int64_t window_of(std::int64_t now) { return now / kNonceWindow.count(); }

Result<std::string> make_nonce_of(const SealingKey& key, std::int64_t window) {
  Result<Digest> own_key = hmac_sha256(key.k, kPurpose);
  if (!own_key) return own_key.error();
  const Result<Digest> mac = hmac_sha256(*own_key, std::to_string(window));
  OPENSSL_cleanse(own_key->data(), own_key->size());
  if (!mac) return mac.error();
  return base64url_encode(*mac).substr(0, kNonceSize);
}

const SealingKey* first_opening_key(const KeyRing& keys, std::int64_t now) {
  for (const SealingKey& key : keys.keys) {
    if (keys.opening_key(key.kid, now) != nullptr) return &key;
  }
  return nullptr;
}

}  // namespace

Result<std::string> make_nonce(const KeyRing& keys, std::int64_t now) {
  const SealingKey* key = keys.sealing_key(now);
  if (key == nullptr) key = first_opening_key(keys, now);
  if (key == nullptr) return Error::kInternal;
  return make_nonce_of(*key, window_of(now));
}

bool is_fresh_nonce(std::string_view nonce, const KeyRing& keys, std::int64_t now) {
  bool is_fresh = false;
  for (const SealingKey& key : keys.keys) {
    if (keys.opening_key(key.kid, now) == nullptr) continue;
    for (const std::int64_t window : {window_of(now), window_of(now) - 1}) {
      const Result<std::string> made = make_nonce_of(key, window);
      is_fresh = (made && equal_constant_time(*made, nonce)) || is_fresh;
    }
  }
  return is_fresh;
}

}  // namespace portero
