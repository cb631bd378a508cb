// A secret in memory: cannot be printed, logged or compared by accident. Wiped on destruction.
#pragma once

#include <string>
#include <string_view>

namespace portero {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value);
  Secret(const Secret& other) = default;
  Secret(Secret&& other) noexcept;
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  /// The bytes themselves. The name is long so that a reader stops at every use.
  [[nodiscard]] std::string_view reveal() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }

 private:
  std::string value_;
};

/// Overwrites the bytes of a string that held a secret, then clears it. Not optimised away.
void wipe(std::string& secret);

}  // namespace portero
