// Points in time as protocols write them: UTC, whole seconds, no locale.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace portero {

/// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted. Where a plain std::int64_t holds
/// such a number its name or comment says so.
using UnixTime = std::chrono::sys_seconds;

/// The last that the texts below can say, 9999-12-31T23:59:59Z. Sums of times up to there hold.
inline constexpr std::int64_t kLastSecond = 253402300799;

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 §5.6.7). Empty beyond the years 1000 to 9999.
[[nodiscard]] std::string format_http_date(std::int64_t unix_seconds);

/// format_http_date() of the second that was asked for last, made once. For one thread.
class HttpDate {
 public:
  [[nodiscard]] const std::string& text(std::int64_t unix_seconds) {
    if (std::exchange(second_, unix_seconds) != unix_seconds) text_ = format_http_date(second_);
    return text_;
  }

 private:
  std::int64_t second_ = -1;
  std::string text_ = format_http_date(-1);
};

/// Exactly what format_http_date() writes; nullopt: anything else.
[[nodiscard]] std::optional<std::int64_t> read_http_date(std::string_view text);

/// "1994-11-06T08:49:37Z" (RFC 3339 §5.6, without fraction and offset). Empty likewise.
[[nodiscard]] std::string format_rfc3339(std::int64_t unix_seconds);

/// Exactly what format_rfc3339() writes; nullopt: anything else.
[[nodiscard]] std::optional<std::int64_t> read_rfc3339(std::string_view text);

}  // namespace portero
