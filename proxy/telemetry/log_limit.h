// Keeps a flood of requests from becoming a flood of log lines: so many lines of each kind a
// second, then one that says how many were held back. Pure: time is an argument.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace portero {

/// One thread at a time.
class LogLimit {
 public:
  /// Lines of one kind in one second, which begins with the first of them.
  explicit LogLimit(std::size_t lines_per_second) : most_(lines_per_second) {}

  struct HeldBack {
    std::string kind;
    std::uint64_t lines = 0;
  };

  /// True: write this line. False: it was counted. `now` never goes back. REQUIRES: kinds are our
  /// own words, so that there are few; each is kept for ever.
  [[nodiscard]] bool admit(std::string_view kind, std::chrono::milliseconds now);

  /// What was held back in seconds that are over; each is returned once.
  [[nodiscard]] std::vector<HeldBack> take_held_back(std::chrono::milliseconds now);

 private:
  struct Second {
    std::chrono::milliseconds began;
    std::size_t written = 0;
    std::uint64_t held_back = 0;
  };

  const std::size_t most_;
  std::map<std::string, Second, std::less<>> by_kind_;
};

}  // namespace portero
