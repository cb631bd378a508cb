// Keys that a test can tell apart, and a time.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "proxy/session/key_ring.h"

namespace portero {

/// 2026-01-01T00:00:00Z: a window of nonces begins.
inline constexpr std::int64_t kNow = 1767225600;

/// Every byte of it is `byte`.
inline SealingKey make_key(std::string kid = "k1", unsigned char byte = 7,
                           std::int64_t seal_from = 0) {
  SealingKey key;
  key.kid = std::move(kid);
  key.k.fill(byte);
  key.seal_from = seal_from;
  return key;
}

}  // namespace portero
