// Times of many requests, and their percentiles. Every one is kept: a histogram would round.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

namespace portero::bench {

using Clock = std::chrono::steady_clock;

/// Milliseconds from `start` to now.
[[nodiscard]] inline double since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

class Latency {
 public:
  void add(double milliseconds) { all_.push_back(milliseconds); }
  [[nodiscard]] std::size_t count() const { return all_.size(); }

  /// The smallest time that `share` (0 to 1) of all do not exceed, in ms; 0 when there are none.
  [[nodiscard]] double percentile(double share) {
    if (all_.empty()) return 0;
    const auto last = static_cast<double>(all_.size() - 1);
    const auto at = static_cast<std::ptrdiff_t>(share * last + 0.5);
    std::nth_element(all_.begin(), all_.begin() + at, all_.end());
    return all_[static_cast<std::size_t>(at)];
  }

 private:
  std::vector<double> all_;
};

}  // namespace portero::bench
