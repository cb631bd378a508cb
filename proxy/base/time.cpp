// strftime() and strptime() in the C locale, which nothing here ever leaves.
#include "proxy/base/time.h"

#include <time.h>  // strptime, timegm

#include <array>

namespace portero {
namespace {

constexpr const char* kHttpDate = "%a, %d %b %Y %H:%M:%S GMT";
constexpr const char* kRfc3339 = "%Y-%m-%dT%H:%M:%SZ";
constexpr std::int64_t kFirst = -30610224000;  // 1000-01-01T00:00:00Z

std::string format(std::int64_t unix_seconds, const char* form) {
  if (unix_seconds < kFirst || unix_seconds > kLastSecond) return "";
  const std::time_t seconds = unix_seconds;
  std::tm parts = {};
  std::array<char, 64> text{};
  if (::gmtime_r(&seconds, &parts) == nullptr) return "";
  return {text.data(), std::strftime(text.data(), text.size(), form, &parts)};
}

/// strptime() forgives blanks, short numbers and a 31st of February; writing it back does not.
std::optional<std::int64_t> read(std::string_view text, const char* form) {
  std::tm parts = {};
  const std::string copy(text);
  if (::strptime(copy.c_str(), form, &parts) == nullptr) return std::nullopt;
  const std::int64_t seconds = ::timegm(&parts);
  if (format(seconds, form) != text) return std::nullopt;
  return seconds;
}

}  // namespace

std::string format_http_date(std::int64_t unix_seconds) { return format(unix_seconds, kHttpDate); }

std::optional<std::int64_t> read_http_date(std::string_view text) { return read(text, kHttpDate); }

/// Of every answer about a session, and so by hand: strftime() takes six times as long.
std::string format_rfc3339(std::int64_t unix_seconds) {
  if (unix_seconds < kFirst || unix_seconds > kLastSecond) return "";
  const UnixTime at{std::chrono::seconds(unix_seconds)};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(at - day);
  std::string text = "0000-00-00T00:00:00Z";
  const auto put = [&text](std::size_t end, std::int64_t number) {
    for (; number > 0; number /= 10) text[--end] = static_cast<char>('0' + number % 10);
  };
  put(4, static_cast<int>(date.year()));
  put(7, static_cast<unsigned>(date.month()));
  put(10, static_cast<unsigned>(date.day()));
  put(13, time.hours().count());
  put(16, time.minutes().count());
  put(19, time.seconds().count());
  return text;
}

std::optional<std::int64_t> read_rfc3339(std::string_view text) { return read(text, kRfc3339); }

}  // namespace portero
