// How much was done within the last hour, minute by minute: in no 60 minutes is there more than the
// cap. Fixed memory. Pure: time is an argument, in seconds since 1970. Guards nothing: one thread,
// or the owner's lock (admission.h).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace portero {

class HourlyQuota {
 public:
  void add(std::int64_t now);

  /// How many were added in the last 60 minutes, the minute before them included as far as it was
  /// begun: never too few.
  [[nodiscard]] std::size_t count(std::int64_t now) const;

  /// Seconds, 1 to 3,660, until count() is below `most`; 0: it is. REQUIRES: most > 0.
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
