// Keys that a test can tell apart.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "proxy/session/key_ring.h"

namespace portero {

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
