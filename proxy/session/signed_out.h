// The sessions that were signed out in this process, until they would have expired anyway. So an
// idle renewal under way in another tab does not bring one back. Bounded; per process; outlives
// every snapshot. Times are in seconds since 1970.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace portero {

/// Any thread: guards itself by a mutex.
class SignedOut {
 public:
  /// REQUIRES: capacity > 0. When full, the entry that expires first makes room.
  explicit SignedOut(std::size_t capacity = 100000) : capacity_(capacity) {}

  /// Remembers the session `sid` until `exp`, when it would have ended.
  void add(std::string_view sid, std::int64_t exp, std::int64_t now);
  [[nodiscard]] bool contains(std::string_view sid, std::int64_t now) const;

 private:
  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::map<std::string, std::int64_t, std::less<>> exp_by_sid_;
  std::multimap<std::int64_t, std::string> sid_by_exp_;
};

}  // namespace portero
