#include "proxy/settings/timestamp.h"

#include "proxy/base/text.h"

namespace portero {
namespace {

constexpr std::int64_t kLastSubject = (std::int64_t{1} << 53U) - 1;  // JavaScript's, too

}  // namespace

std::optional<Timestamp> read_timestamp(std::string_view text) {
  std::optional<std::int64_t> seconds = read_number(text, 0, kLastSecond);
  if (!seconds) seconds = read_rfc3339(text);
  if (!seconds || *seconds < 0) return std::nullopt;
  return Timestamp(std::chrono::seconds(*seconds));
}

std::optional<std::pair<std::int64_t, Timestamp>> read_subject_timestamp(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  const std::optional<std::int64_t> subject = read_number(text.substr(0, equals), 1, kLastSubject);
  const std::optional<Timestamp> timestamp = read_timestamp(text.substr(equals + 1));
  if (!subject || !timestamp) return std::nullopt;
  return std::pair(*subject, *timestamp);
}

}  // namespace portero
