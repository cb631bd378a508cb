#include "proxy/github/hourly_quota.h"

namespace portero {
namespace {

constexpr std::int64_t kSeconds = 60;

}  // namespace

/// A slot is believed only for its own minute, so a clock that jumps, either way, forgets and never
/// remembers too long.
std::size_t HourlyQuota::added_in(std::int64_t minute) const {
  if (minute < 0) return 0;
  const Minute& slot = minutes_.at(static_cast<std::size_t>(minute % kMinutes));
  return slot.minute == minute ? slot.added : 0;
}

void HourlyQuota::add(std::int64_t now) {
  const std::int64_t minute = now / kSeconds;
  Minute& slot = minutes_.at(static_cast<std::size_t>(minute % kMinutes));
  if (slot.minute != minute) slot = {.minute = minute, .added = 0};
  ++slot.added;
}

std::size_t HourlyQuota::count(std::int64_t now) const {
  std::size_t sum = 0;
  for (std::int64_t back = 0; back < kMinutes; ++back) sum += added_in(now / kSeconds - back);
  return sum;
}

int HourlyQuota::wait(std::size_t most, std::int64_t now) const {
  std::size_t left = count(now);
  if (left < most) return 0;
  const std::int64_t minute = now / kSeconds;
  std::int64_t oldest = minute - kMinutes + 1;
  while (left >= most && oldest <= minute) left -= added_in(oldest++);
  // Minute m counts until minute m + kMinutes begins; `oldest` is now the one after the last to go.
  return static_cast<int>((oldest - 1 + kMinutes) * kSeconds - now);
}

}  // namespace portero
