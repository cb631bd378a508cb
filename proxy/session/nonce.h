// The nonce that a proof must hold (RFC 9449 §8). It shows that the proof was made in the last five
// to ten minutes, whatever the browser's clock says. It is a function of the key file and the time:
// nothing is stored, and all replicas with that file agree. `now` is in seconds since 1970.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "proxy/session/key_ring.h"
#include "wasm/result.h"

namespace portero {

/// How long the same nonce is given out; it is accepted as long again.
inline constexpr std::chrono::seconds kNonceWindow = std::chrono::minutes(5);

/// Characters of a nonce: 132 bits of the HMAC.
inline constexpr std::size_t kNonceSize = 22;

/// The nonce of this window, under the key that seals now; while none seals (a clock that is
/// behind), under the first that may open. Errors: kInternal when there is no key or the library
/// fails.
[[nodiscard]] Result<std::string> make_nonce(const KeyRing& keys, std::int64_t now);

/// Whether `nonce` is that of this window or the one before, under any key that may open now. So a
/// nonce from just before a rotation, or from a replica that has not read the new file yet, is
/// valid. Compares in constant time.
[[nodiscard]] bool is_fresh_nonce(std::string_view nonce, const KeyRing& keys, std::int64_t now);

}  // namespace portero
