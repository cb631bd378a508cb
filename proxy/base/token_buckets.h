// How often each of many may do something: a token bucket for each address or person, in bounded
// memory. Time is an argument. No lock: one thread, or the owner's lock.
//
// A bucket is one number, the moment when it will be full again (the "generic cell rate algorithm",
// ITU-T I.371). A full bucket is forgotten: it equals a new one. When there are too many, the
// fullest quarter is dropped. An attacker can reset one bucket only by using tens of thousands of
// addresses.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace portero {

/// `burst` at once, then one more every `interval`.
struct Rate {
  std::size_t burst = 1;
  std::chrono::milliseconds interval = std::chrono::seconds(1);
};

class TokenBuckets {
 public:
  /// REQUIRES: most ≥ 4. An entry costs about 120 bytes: 8 MB at the default.
  explicit TokenBuckets(std::size_t most = 65536) : most_(most) {}

  /// Takes one token of `name`. Returns 0 if a token was taken. Otherwise returns the whole seconds
  /// to wait (≥ 1). `now` may start anywhere and should not go back; if it does, nobody waits
  /// longer than for an empty bucket. REQUIRES: burst and interval ≥ 1.
  [[nodiscard]] int take(std::string_view name, const Rate& rate, std::chrono::milliseconds now);

  [[nodiscard]] std::size_t size() const { return full_at_.size(); }

 private:
  void make_room(std::chrono::milliseconds now);

  const std::size_t most_;
  std::map<std::string, std::chrono::milliseconds, std::less<>> full_at_;  // no hash to collide in
};

}  // namespace portero
