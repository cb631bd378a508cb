#include "proxy/github/breaker.h"

#include <algorithm>

namespace portero {
namespace {

constexpr int kFailures = 5;
constexpr std::int64_t kWindow = 60;
constexpr int kBackOffMax = 30;
constexpr std::int64_t kProbeTime = 10;  // a login's budget of 8 s, and some

}  // namespace

int Breaker::wait(std::int64_t now) const {
  // A clock that was set back must not keep us from asking.
  if (!open_ || now >= retry_at_ || now < decided_at_) return 0;
  return static_cast<int>(retry_at_ - now);
}

std::uint64_t Breaker::begin(std::int64_t now) {
  if (!open_) return number_;
  decided_at_ = now;
  retry_at_ = now + kProbeTime;
  return ++number_;
}

bool Breaker::end(std::uint64_t number, bool answered, std::int64_t now) {
  const bool was_open = open_;
  if (answered) {
    open_ = false;
    failures_ = back_off_ = 0;
    return was_open;
  }
  if (number != number_)
    return false;  // began before it opened or a connection was lost, or outlived its probe
  if (!was_open) {
    if (failures_ == 0 || now - first_failure_ > kWindow || now < first_failure_) {
      failures_ = 0;
      first_failure_ = now;
    }
    if (++failures_ < kFailures) return false;
    open_ = true;
    ++number_;
  }
  back_off_ = std::clamp(2 * back_off_, 1, kBackOffMax);
  decided_at_ = now;
  retry_at_ = now + back_off_;
  return !was_open;
}

bool Breaker::end_lost(std::uint64_t number, std::int64_t now) {
  const bool changed = end(number, false, now);
  if (!open_ && number == number_) ++number_;
  return changed;
}

}  // namespace portero
