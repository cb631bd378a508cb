// What a page's browser does in key mode: a P-256 key, and proofs (RFC 9449) signed with it; also
// those that no browser would make.
#pragma once

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/base/json.h"
#include "proxy/session/digest.h"
#include "wasm/encoding.h"

namespace portero {

inline std::string encode(std::string_view text) { return base64url_encode(bytes_of(text)); }

class Prover {
 public:
  Prover() : key_(EVP_EC_gen("P-256"), &EVP_PKEY_free) {}

  [[nodiscard]] Json jwk() const {
    return {{"kty", "EC"},
            {"crv", "P-256"},
            {"x", coordinate(OSSL_PKEY_PARAM_EC_PUB_X)},
            {"y", coordinate(OSSL_PKEY_PARAM_EC_PUB_Y)}};
  }
  [[nodiscard]] Json header() const {
    return {{"typ", "dpop+jwt"}, {"alg", "ES256"}, {"jwk", jwk()}};
  }

  /// r and s, 32 bytes each.
  [[nodiscard]] std::string sign(std::string_view text) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          &EVP_MD_CTX_free);
    std::array<unsigned char, 80> der{};
    std::size_t size = der.size();
    EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get());
    EVP_DigestSign(context.get(), der.data(), &size, bytes_of(text).data(), text.size());
    const unsigned char* at = der.data();
    ECDSA_SIG* signature = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size));
    std::string raw(64, '\0');
    auto* bytes = reinterpret_cast<unsigned char*>(raw.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(signature), bytes, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(signature), bytes + 32, 32);
    ECDSA_SIG_free(signature);
    return raw;
  }

  /// The three parts of a proof of these two JSON texts.
  [[nodiscard]] std::array<std::string, 3> parts(std::string_view header,
                                                 std::string_view payload) const {
    const std::string text = encode(header) + "." + encode(payload);
    return {encode(header), encode(payload), encode(sign(text))};
  }
  [[nodiscard]] std::string prove(const Json& claims) const {
    const auto [header, payload, signature] = parts(write_json(this->header()), write_json(claims));
    return header + "." + payload + "." + signature;
  }

 private:
  [[nodiscard]] std::string coordinate(const char* name) const {
    BIGNUM* number = nullptr;
    EVP_PKEY_get_bn_param(key_.get(), name, &number);
    std::array<unsigned char, 32> bytes{};
    BN_bn2binpad(number, bytes.data(), bytes.size());
    BN_free(number);
    return base64url_encode(bytes);
  }

  std::shared_ptr<EVP_PKEY> key_;
};

/// The claims of a good proof; `session` empty: that of a sign-in, without `ath`.
inline Json make_claims(std::string_view htm, std::string_view htu, std::string_view nonce,
                        std::string_view session) {
  Json claims = {{"htm", htm}, {"htu", htu}, {"iat", 1767225600}, {"jti", "j"}, {"nonce", nonce}};
  if (!session.empty()) claims["ath"] = *sha256_base64url(session);
  return claims;
}

}  // namespace portero
