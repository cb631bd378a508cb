#include "proxy/session/key_ring.h"

namespace portero {
namespace {

bool may_open(const SealingKey& key, std::int64_t now) {
  return !key.open_until || now < *key.open_until;
}

}  // namespace

const SealingKey* KeyRing::sealing_key(std::int64_t now) const {
  const SealingKey* newest = nullptr;
  for (const SealingKey& key : keys) {
    if (key.seal_from > now || !may_open(key, now)) continue;
    if (newest == nullptr || key.seal_from >= newest->seal_from) newest = &key;
  }
  return newest;
}

// A key may open before it seals: another replica's clock may be ahead of ours.
const SealingKey* KeyRing::opening_key(std::string_view kid, std::int64_t now) const {
  for (const SealingKey& key : keys) {
    if (key.kid == kid) return may_open(key, now) ? &key : nullptr;
  }
  return nullptr;
}

}  // namespace portero
