// The ids under which the log names requests.
#pragma once

#include <array>
#include <cstddef>
#include <string>

namespace portero {

/// For one thread.
class RequestIds {
 public:
  /// 16 random hex digits. For reading logs, not for security.
  [[nodiscard]] std::string next();

 private:
  static constexpr std::size_t kIdSize = 8;  // bytes

  std::array<unsigned char, 64 * kIdSize> random_{};  // the system is asked for many at a time
  std::size_t used_ = random_.size();
};

}  // namespace portero
