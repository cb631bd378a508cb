#include "proxy/session/es256.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "proxy/session/digest.h"
#include "wasm/encoding.h"

namespace portero {
namespace {

constexpr std::size_t kNumberBytes = 32;  // of a coordinate, r and s
constexpr unsigned char kUncompressed = 0x04;

using Bytes = std::vector<unsigned char>;

template <typename T, void (*free)(T*)>
struct Free {
  void operator()(T* held) const { free(held); }
};
template <typename T, void (*free)(T*)>
using Owned = std::unique_ptr<T, Free<T, free>>;

using PublicKey = Owned<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using DigestContext = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using Signature = Owned<ECDSA_SIG, ECDSA_SIG_free>;
using Number = Owned<BIGNUM, BN_free>;

std::optional<Bytes> read_point(const EcPublicKey& key) {
  const Result<Bytes> x = base64url_decode(key.x);
  const Result<Bytes> y = base64url_decode(key.y);
  if (!x || !y || x->size() != kNumberBytes || y->size() != kNumberBytes) return std::nullopt;
  Bytes point = {kUncompressed};
  point.insert(point.end(), x->begin(), x->end());
  point.insert(point.end(), y->begin(), y->end());
  return point;
}

/// Null: the point is not on the curve. (P-256 has no smaller subgroup a point could lie in.)
PublicKey make_public_key(Bytes point) {
  std::string group = "prime256v1";
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), group.size()),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
      OSSL_PARAM_construct_end()};
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* made = nullptr;
  if (!context || EVP_PKEY_fromdata_init(context.get()) != 1) return nullptr;
  if (EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters) != 1) return nullptr;
  PublicKey key(made);
  const KeyContext check(EVP_PKEY_CTX_new_from_pkey(nullptr, made, nullptr));
  if (!check || EVP_PKEY_public_check_quick(check.get()) != 1) return nullptr;
  return key;
}

/// r and s as OpenSSL wants them (DER); empty when it fails.
Bytes write_der(const Bytes& raw) {
  Number r(BN_bin2bn(raw.data(), kNumberBytes, nullptr));
  Number s(BN_bin2bn(raw.data() + kNumberBytes, kNumberBytes, nullptr));
  const Signature signature(ECDSA_SIG_new());
  if (!r || !s || !signature) return {};
  if (ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) return {};
  static_cast<void>(r.release());  // the signature's now
  static_cast<void>(s.release());
  const int size = i2d_ECDSA_SIG(signature.get(), nullptr);
  if (size <= 0) return {};
  Bytes der(static_cast<std::size_t>(size));
  unsigned char* end = der.data();
  return i2d_ECDSA_SIG(signature.get(), &end) == size ? der : Bytes();
}

Es256 verify(const EcPublicKey& key, std::string_view text, std::string_view signature) {
  std::optional<Bytes> point = read_point(key);
  const PublicKey public_key = point ? make_public_key(std::move(*point)) : nullptr;
  if (public_key == nullptr) return Es256::kBadKey;
  const Result<Bytes> raw = base64url_decode(signature);
  if (!raw || raw->size() != 2 * kNumberBytes) return Es256::kBadSignature;
  const Bytes der = write_der(*raw);
  const DigestContext context(EVP_MD_CTX_new());
  const bool verified =
      !der.empty() && context &&
      EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, public_key.get()) == 1 &&
      EVP_DigestVerify(context.get(), der.data(), der.size(), bytes_of(text).data(), text.size()) ==
          1;
  return verified ? Es256::kVerified : Es256::kBadSignature;
}

}  // namespace

Es256 verify_es256(const EcPublicKey& key, std::string_view text, std::string_view signature) {
  const Es256 verdict = verify(key, text, signature);
  if (verdict != Es256::kVerified) ERR_clear_error();  // TLS on this thread must not find it
  return verdict;
}

Result<std::string> make_thumbprint(const EcPublicKey& key) {
  // The required members in the order of their names, without white space (RFC 7638 §3.2).
  return sha256_base64url(R"({"crv":"P-256","kty":"EC","x":")" + key.x + R"(","y":")" + key.y +
                          R"("})");
}

}  // namespace portero
