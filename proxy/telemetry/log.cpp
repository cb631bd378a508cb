// One logger for each format, so that changing it while others write never mixes the two.
#include "proxy/telemetry/log.h"

#include <fcntl.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "proxy/telemetry/line_writer.h"
#include "proxy/telemetry/log_limit.h"

namespace portero {
namespace {

constexpr const char* kJsonPattern = R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})";
constexpr const char* kHumanPattern = "%Y-%m-%dT%H:%M:%S.%eZ %l %v";
constexpr std::size_t kLinesPerSecond = 10;

/// What both formats share.
struct Shared {
  std::mutex writing;
  LineWriter writer{STDERR_FILENO};
  std::uint64_t untold = 0;  // lost since the last line that was not
  std::atomic<std::uint64_t> lost = 0;
  std::atomic<std::uint64_t> suppressed = 0;
  std::mutex limiting;
  LogLimit limit{kLinesPerSecond};
};

Shared& shared() {
  static Shared all;
  return all;
}

class LineSink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit LineSink(bool json) : json_(json) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    const std::scoped_lock lock(shared().writing);
    std::uint64_t& untold = shared().untold;
    if (untold > 0) {
      const std::string line =
          make_log_line(json_, "log_lines_lost", {{"lost", std::to_string(untold)}});
      if (write({message.logger_name, spdlog::level::warn, line})) untold = 0;
    }
    if (write(message)) return;
    ++untold;
    ++shared().lost;
  }
  void flush_() override {}

 private:
  bool write(const spdlog::details::log_msg& message) {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    return shared().writer.write({line.data(), line.size()});
  }

  const bool json_;
};

struct Log {
  explicit Log(bool as_json)
      : json(as_json), logger("portero", std::make_shared<LineSink>(as_json)) {
    logger.set_formatter(std::make_unique<spdlog::pattern_formatter>(
        json ? kJsonPattern : kHumanPattern, spdlog::pattern_time_type::utc));
    logger.set_error_handler([](const std::string&) { ++shared().lost; });
  }
  const bool json;
  spdlog::logger logger;
};

Log& log_in(bool json) {
  static Log human(false);
  static Log as_json(true);
  return json ? as_json : human;
}

std::atomic<Log*>& current() {
  static std::atomic<Log*> log = &log_in(false);
  return log;
}

spdlog::level::level_enum level_of(Level level) {
  switch (level) {
    case Level::kDebug:
      return spdlog::level::debug;
    case Level::kInfo:
      return spdlog::level::info;
    case Level::kWarning:
      return spdlog::level::warn;
    case Level::kError:
      break;
  }
  return spdlog::level::err;
}

Level level_named(std::string_view name) {
  if (name == "debug") return Level::kDebug;
  if (name == "warning") return Level::kWarning;
  return name == "error" ? Level::kError : Level::kInfo;
}

void write_line(Level level, std::string_view event, std::initializer_list<Field> fields) {
  Log& log = *current().load();
  const spdlog::level::level_enum as = level_of(level);
  if (!log.logger.should_log(as)) return;
  const std::string line = make_log_line(log.json, event, fields);
  log.logger.log(as, spdlog::string_view_t(line.data(), line.size()));
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
  Log& log = log_in(settings.format == "json");
  log.logger.set_level(level_of(level_named(settings.level)));
  current() = &log;
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
