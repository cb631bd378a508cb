#include "proxy/settings/timestamp.h"

#include <algorithm>
#include <charconv>

namespace portero {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::int64_t kLastSecond = 253402300799;                   // of the year 9999
constexpr std::int64_t kLastSubject = (std::int64_t{1} << 53U) - 1;  // JavaScript's, too

std::optional<std::int64_t> read_number(std::string_view text, std::int64_t max) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  if (!is_whole || number < 0 || number > max) return std::nullopt;
  return number;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

/// Exactly `count` digits.
bool take_digits(std::string_view& text, std::size_t count, int max, int& into) {
  int number = 0;
  if (text.size() < count) return false;
  for (const char c : text.substr(0, count)) {
    if (c < '0' || c > '9') return false;
    number = number * 10 + (c - '0');
  }
  text.remove_prefix(count);
  into = number;
  return number <= max;
}

bool take_date(std::string_view& text, Timestamp& into) {
  int year = 0;
  int month = 0;
  int day = 0;
  const bool is_read = take_digits(text, 4, 9999, year) && take(text, '-') &&
                       take_digits(text, 2, 12, month) && take(text, '-') &&
                       take_digits(text, 2, 31, day);
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!is_read || !date.ok()) return false;
  into = std::chrono::sys_days(date);
  return true;
}

bool take_time(std::string_view& text, Timestamp& into) {
  int hour = 0;
  int minute = 0;
  int second = 0;
  const bool is_read = take_digits(text, 2, 23, hour) && take(text, ':') &&
                       take_digits(text, 2, 59, minute) && take(text, ':') &&
                       take_digits(text, 2, 59, second);
  if (!is_read) return false;
  into += std::chrono::hours(hour) + minutes(minute) + seconds(second);
  if (!take(text, '.')) return true;
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  text.remove_prefix(digits);
  return digits > 0;
}

bool take_offset(std::string_view& text, Timestamp& into) {
  if (take(text, 'Z')) return true;
  const bool is_ahead = text.starts_with('+');
  int hours = 0;
  int minute = 0;
  const bool is_read = (take(text, '+') || take(text, '-')) && take_digits(text, 2, 23, hours) &&
                       take(text, ':') && take_digits(text, 2, 59, minute);
  const minutes offset(hours * 60 + minute);
  into -= is_ahead ? offset : -offset;
  return is_read;
}

}  // namespace

std::optional<Timestamp> read_timestamp(std::string_view text) {
  if (const auto number = read_number(text, kLastSecond)) return Timestamp(seconds(*number));
  Timestamp moment;
  const bool is_read = take_date(text, moment) && take(text, 'T') && take_time(text, moment) &&
                       take_offset(text, moment) && text.empty();
  const std::int64_t count = moment.time_since_epoch().count();
  if (!is_read || count < 0 || count > kLastSecond) return std::nullopt;
  return moment;
}

std::optional<std::pair<std::int64_t, Timestamp>> read_subject_timestamp(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  const std::optional<std::int64_t> subject = read_number(text.substr(0, equals), kLastSubject);
  const std::optional<Timestamp> moment = read_timestamp(text.substr(equals + 1));
  if (!subject || *subject == 0 || !moment) return std::nullopt;
  return std::pair(*subject, *moment);
}

}  // namespace portero
