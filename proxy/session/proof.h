// A proof that the page holds the private key its session is bound to: a DPoP proof (RFC 9449), one
// for each request, signed by the browser. Stateless: only the nonce keeps a proof from being used
// again later. `iat` is required and compared with no clock, so that a wrong one signs nobody out.
// Go next to es256.h (the signature) and nonce.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "proxy/session/key_ring.h"

namespace portero {

/// Longest proof that is read, in characters; the page's have about 750.
inline constexpr std::size_t kProofMax = 4096;

/// The request that a proof must be made for.
struct ProofTarget {
  std::string_view htm;                     // the method, as sent
  std::string htu;                          // the address, byte for byte
  std::optional<std::string_view> session;  // `ath` is its digest; without one there is no `ath`
};

/// The first thing that is wrong with a proof, in the order in which it is looked at.
enum class ProofFault {
  kNone,
  kAbsent,     // no proof came
  kForm,       // not three parts of canonical base64url, or not JSON
  kHeader,     // not exactly typ "dpop+jwt", alg "ES256" and a public P-256 jwk
  kKey,        // its point is not on the curve
  kSignature,  // not that key's
  kClaims,     // one is missing, of the wrong type, or too long
  kMethod,     // made for another method
  kUrl,        // made for another address
  kProxy,      // made for the session call of another proxy; a caller finds that out, by `htu`
  kSession,    // made for another session, or for none
  kNonce,      // only this is wrong: old, or never given out
};

/// For the log: "signature".
[[nodiscard]] std::string_view name(ProofFault fault);

struct ProofResult {
  ProofFault fault = ProofFault::kAbsent;
  std::string jkt;  // thumbprint of the key that signed (RFC 7638); empty unless the fault is kNone
  std::string htu = {};  // with kUrl alone: the address it was made for, as a stranger wrote it
};

/// Also refused: more than kProofMax characters, members that come twice, a `jwk` with a private
/// part. Other members of the jwk and other claims are ignored. `now` is in seconds since 1970.
[[nodiscard]] ProofResult verify_proof(std::string_view proof, const ProofTarget& target,
                                       const KeyRing& keys, std::int64_t now);

}  // namespace portero
