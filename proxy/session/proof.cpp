#include "proxy/session/proof.h"

#include <array>
#include <utility>
#include <vector>

#include "proxy/base/json.h"
#include "proxy/session/digest.h"
#include "proxy/session/es256.h"
#include "proxy/session/nonce.h"
#include "wasm/encoding.h"

namespace portero {
namespace {

constexpr std::size_t kHeaderDepth = 3;  // {"jwk":{"key_ops":[…]}}, as browsers export a key
constexpr std::size_t kClaimsDepth = 1;
constexpr std::size_t kJtiMax = 64;  // characters

/// header "." payload "." signature (RFC 7515 §7.1).
struct Parts {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
  std::string_view is_signed;  // the first two, with their dot
};

std::optional<Parts> split(std::string_view proof) {
  const std::size_t first = proof.find('.');
  const std::size_t last = proof.rfind('.');
  if (first == last || proof.find('.', first + 1) != last) return std::nullopt;
  return Parts{.header = proof.substr(0, first),
               .payload = proof.substr(first + 1, last - first - 1),
               .signature = proof.substr(last + 1),
               .is_signed = proof.substr(0, last)};
}

std::optional<Json> read_part(std::string_view part, std::size_t depth) {
  const Result<std::vector<unsigned char>> bytes = base64url_decode(part);
  if (!bytes) return std::nullopt;
  const std::string_view text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  Result<Json> json = read_json(text, kProofMax, depth);
  if (!json || !json->is_object()) return std::nullopt;
  return std::optional<Json>(std::move(*json));
}

bool is_text(const Json& object, std::string_view key, std::string_view expected) {
  const std::string* text = find_string(object, key);
  return text != nullptr && *text == expected;
}

std::optional<EcPublicKey> read_header(const Json& header) {
  if (header.size() != 3) return std::nullopt;
  if (!is_text(header, "typ", "dpop+jwt") || !is_text(header, "alg", "ES256")) return std::nullopt;
  const Json* jwk = find_member(header, "jwk");
  if (jwk == nullptr || find_member(*jwk, "d") != nullptr) return std::nullopt;
  if (!is_text(*jwk, "kty", "EC") || !is_text(*jwk, "crv", "P-256")) return std::nullopt;
  const std::string* x = find_string(*jwk, "x");
  const std::string* y = find_string(*jwk, "y");
  if (x == nullptr || y == nullptr) return std::nullopt;
  return EcPublicKey{.x = *x, .y = *y};
}

bool has_claims(const Json& claims) {
  const Json* iat = find_member(claims, "iat");
  const std::string* jti = find_string(claims, "jti");
  return iat != nullptr && iat->is_number_integer() && jti != nullptr && !jti->empty() &&
         jti->size() <= kJtiMax && find_string(claims, "htm") != nullptr &&
         find_string(claims, "htu") != nullptr && find_string(claims, "nonce") != nullptr;
}

bool is_for_session(const Json& claims, const std::optional<std::string_view>& session) {
  if (!session) return find_member(claims, "ath") == nullptr;
  const std::string* ath = find_string(claims, "ath");
  const Result<std::string> digest = sha256_base64url(*session);
  return ath != nullptr && digest && equal_constant_time(*ath, *digest);
}

ProofFault validate_claims(const Json& claims, const ProofTarget& target, const KeyRing& keys,
                           std::int64_t now) {
  if (!has_claims(claims)) return ProofFault::kClaims;
  if (!is_text(claims, "htm", target.htm)) return ProofFault::kMethod;
  if (!is_text(claims, "htu", target.htu)) return ProofFault::kUrl;
  if (!is_for_session(claims, target.session)) return ProofFault::kSession;
  const bool is_fresh = is_fresh_nonce(*find_string(claims, "nonce"), keys, now);
  return is_fresh ? ProofFault::kNone : ProofFault::kNonce;
}

}  // namespace

std::string_view name(ProofFault fault) {
  constexpr std::array<std::string_view, 12> kNames = {"none", "absent",    "form",    "header",
                                                       "key",  "signature", "claims",  "method",
                                                       "url",  "proxy",     "session", "nonce"};
  return kNames.at(static_cast<std::size_t>(fault));
}

ProofResult verify_proof(std::string_view proof, const ProofTarget& target, const KeyRing& keys,
                         std::int64_t now) {
  const std::optional<Parts> parts = proof.size() <= kProofMax ? split(proof) : std::nullopt;
  if (!parts) return {ProofFault::kForm, {}};
  const std::optional<Json> header = read_part(parts->header, kHeaderDepth);
  const std::optional<Json> claims = read_part(parts->payload, kClaimsDepth);
  if (!header || !claims) return {ProofFault::kForm, {}};
  const std::optional<EcPublicKey> key = read_header(*header);
  if (!key) return {ProofFault::kHeader, {}};
  const Es256 verdict = verify_es256(*key, parts->is_signed, parts->signature);
  if (verdict == Es256::kBadKey) return {ProofFault::kKey, {}};
  if (verdict == Es256::kBadSignature) return {ProofFault::kSignature, {}};
  const ProofFault fault = validate_claims(*claims, target, keys, now);
  if (fault == ProofFault::kUrl) return {fault, {}, *find_string(*claims, "htu")};
  if (fault != ProofFault::kNone) return {fault, {}};
  Result<std::string> jkt = make_thumbprint(*key);
  if (!jkt) return {ProofFault::kKey, {}};
  return {ProofFault::kNone, std::move(*jkt)};
}

}  // namespace portero
