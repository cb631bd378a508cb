// Two short-lived locks: one for the limit of lines, one for the descriptor. A full pipe holds a
// line for as long as LineWriter is patient, and nobody for longer.
#include "proxy/telemetry/log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <ctime>
#include <mutex>
#include <string>
#include <utility>

#include "proxy/telemetry/line_writer.h"
#include "proxy/telemetry/log_limit.h"

namespace portero {
namespace {

constexpr std::size_t kLinesPerSecond = 10;
constexpr std::array<std::string_view, 4> kLevels = {"debug", "info", "warning", "error"};
constexpr std::array<std::string_view, 4> kJournalMarks = {"<7>", "<6>", "<4>", "<3>"};

/// Level and format, changed together: a line that is being made keeps the pair it began with.
/// Aligned to its size, or clang wants libatomic for it.
struct alignas(8) Manner {
  Level least = Level::kInfo;
  bool json = false;
};

struct Log {
  std::atomic<Manner> manner = Manner();
  std::atomic<bool> is_journal = false;
  std::mutex writing;
  LineWriter writer{STDERR_FILENO};
  std::uint64_t untold = 0;  // lost since the last line that was not
  std::atomic<std::uint64_t> lost = 0;
  std::atomic<std::uint64_t> suppressed = 0;
  std::mutex limiting;
  LogLimit limit{kLinesPerSecond};
};

Log& shared() {
  static Log log;
  return log;
}

/// "2026-11-24T10:00:00.000Z" (RFC 3339).
std::string make_timestamp() {
  timespec now{};
  static_cast<void>(::clock_gettime(CLOCK_REALTIME, &now));
  std::tm utc{};
  static_cast<void>(::gmtime_r(&now.tv_sec, &utc));
  std::array<char, 32> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S.", &utc);
  constexpr long kMillisecond = 1'000'000;
  const std::string thousandths = std::to_string(1000 + now.tv_nsec / kMillisecond).substr(1);
  return std::string(text.data(), size) + thousandths + "Z";
}

std::string stamp(Level level, bool json, const std::string& line) {
  const std::string name(kLevels.at(static_cast<std::size_t>(level)));
  const std::string mark(journal_mark(level));
  if (!json) return mark + make_timestamp() + " " + name + " " + line + "\n";
  return mark + R"({"time":")" + make_timestamp() + R"(","level":")" + name + R"(",)" + line +
         "}\n";
}

void write_line(Level level, std::string_view event, std::initializer_list<Field> fields) {
  const Manner manner = shared().manner;
  if (level < manner.least) return;
  const std::string line = stamp(level, manner.json, make_log_line(manner.json, event, fields));
  const std::scoped_lock lock(shared().writing);
  std::uint64_t& untold = shared().untold;
  if (untold > 0) {
    const std::string lost =
        make_log_line(manner.json, "log_lines_lost", {{"lost", std::to_string(untold)}});
    if (shared().writer.write(stamp(Level::kWarning, manner.json, lost))) untold = 0;
  }
  if (shared().writer.write(line)) return;
  ++untold;
  ++shared().lost;
}

std::chrono::milliseconds uptime() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
}

/// With whatever line comes next, what was held back is told.
void tell_held_back() {
  std::unique_lock lock(shared().limiting);
  const std::vector<LogLimit::HeldBack> all = shared().limit.take_held_back(uptime());
  lock.unlock();
  for (const auto& [kind, lines] : all) {
    write_line(Level::kWarning, "lines_suppressed",
               {{"of", kind}, {"suppressed", std::to_string(lines)}});
  }
}

/// `request_refused bad_request`: the event and, if it has one, its reason.
std::string kind_of(std::string_view event, std::initializer_list<Field> fields) {
  std::string kind(event);
  for (const Field& field : fields) {
    if (field.key == "reason") kind += ' ' + field.value;
  }
  return kind;
}

bool is_admitted(std::string_view event, std::initializer_list<Field> fields) {
  const std::scoped_lock lock(shared().limiting);
  return shared().limit.admit(kind_of(event, fields), uptime());
}

}  // namespace

void ensure_standard_streams() {
  for (int fd = 0; fd <= 2; ++fd) {
    if (::fcntl(fd, F_GETFD) < 0) (void)::open("/dev/null", O_RDWR);  // the lowest free number: fd
  }
}

void start_log(const LogSettings& settings) {
  const auto level = std::find(kLevels.begin(), kLevels.end(), settings.level);
  const auto least =
      level == kLevels.end() ? Level::kInfo : static_cast<Level>(level - kLevels.begin());
  shared().manner = {.least = least, .json = settings.format == "json"};
}

void begin_journal(std::string_view journal_stream) {
  struct stat about = {};
  if (::fstat(STDERR_FILENO, &about) != 0) return;
  shared().is_journal =
      journal_stream == std::to_string(about.st_dev) + ":" + std::to_string(about.st_ino);
}

std::string_view journal_mark(Level level) {
  if (!shared().is_journal) return "";
  return kJournalMarks.at(static_cast<std::size_t>(level));
}

void log_event(Level level, std::string_view event, std::initializer_list<Field> fields) noexcept {
  try {
    tell_held_back();
    write_line(level, event, fields);
  } catch (...) {
    ++shared().lost;  // no memory for a line: the work goes on without it
  }
}

void log_limited(Level level, std::string_view event,
                 std::initializer_list<Field> fields) noexcept {
  try {
    if (is_admitted(event, fields)) return log_event(level, event, fields);
    ++shared().suppressed;
  } catch (...) {
    ++shared().lost;
  }
}

LogCounts take_log_counts() {
  return {.suppressed = shared().suppressed.exchange(0), .lost = shared().lost.exchange(0)};
}

}  // namespace portero
