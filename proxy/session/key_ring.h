// The keys that seal sessions, by time: seal with the newest whose seal_from has passed, open with
// all until open_until. `now` is in seconds since 1970. Plain values; key_file.h reads and writes
// the file.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portero {

inline constexpr std::size_t kKidMax = 32;  // characters of a key's name

struct SealingKey {
  std::string kid;                         // [A-Za-z0-9_-], up to kKidMax
  std::array<unsigned char, 32> k{};       // AES-256 key
  std::int64_t seal_from = 0;              // seconds since 1970
  std::optional<std::int64_t> open_until;  // absent: for ever
};

struct KeyRing {
  std::vector<SealingKey> keys;

  /// The key to seal with now; nullptr when none is valid yet.
  [[nodiscard]] const SealingKey* sealing_key(std::int64_t now) const;
  /// The key of that kid if it may still open; else nullptr.
  [[nodiscard]] const SealingKey* opening_key(std::string_view kid, std::int64_t now) const;
};

}  // namespace portero
