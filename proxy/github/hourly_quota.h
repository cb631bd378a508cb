// How much was done within the last hour, minute by minute, so that no 60 minutes hold more than
// the cap. Fixed memory. Pure: time is an argument, in seconds of one clock, whatever its start.
// No lock: one thread, or the owner's lock (admission.h).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace portero {

class HourlyQuota {
 public:
  /// Counts one, now. Check wait() first: nothing is refused here.
  void add(std::int64_t now);

  /// How many were added in the last 60 minutes, rounded up to whole minutes: never too few.
  [[nodiscard]] std::size_t count(std::int64_t now) const;

  /// Seconds, 1 to 3,660, until count() is below `most`; 0: it is below now. REQUIRES: most > 0.
  [[nodiscard]] int wait(std::size_t most, std::int64_t now) const;

 private:
  // 60 whole minutes and the one that has begun.
  static constexpr std::int64_t kMinutes = 61;

  [[nodiscard]] std::size_t added_in(std::int64_t minute) const;

  struct Minute {
    std::int64_t minute = -1;
    std::size_t added = 0;
  };
  std::array<Minute, kMinutes> minutes_ = {};
};

}  // namespace portero
