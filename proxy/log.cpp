#include "proxy/log.h"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <atomic>
#include <memory>

namespace portero {
namespace {

constexpr std::size_t kValueMax = 256;

std::atomic<bool>& writes_json() {
  static std::atomic<bool> json = false;
  return json;
}

void set_pattern(spdlog::logger& logger, bool json) {
  const char* pattern =
      json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})" : "%Y-%m-%dT%H:%M:%S.%eZ %l %v";
  logger.set_formatter(
      std::make_unique<spdlog::pattern_formatter>(pattern, spdlog::pattern_time_type::utc));
}

spdlog::logger& the_log() {
  static const std::shared_ptr<spdlog::logger> kLogger = [] {
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    auto logger = std::make_shared<spdlog::logger>("portero", std::move(sink));
    set_pattern(*logger, false);
    return logger;
  }();
  return *kLogger;
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

/// Appends printable ASCII as it is and every other byte so that no reader of the log, neither a
/// terminal nor a JSON parser, takes it for anything but text: "\u000a".
void append_escaped(std::string& line, std::string_view value) {
  constexpr std::string_view kHex = "0123456789abcdef";
  for (const char c : value.substr(0, kValueMax)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      line += '\\';
      line += c;
    } else if (byte >= 0x20 && byte < 0x7f) {
      line += c;
    } else {
      line += "\\u00";
      line += kHex[byte >> 4U];
      line += kHex[byte & 15U];
    }
  }
}

void append_quoted(std::string& line, std::string_view value) {
  line += '"';
  append_escaped(line, value);
  line += '"';
}

bool needs_quotes(std::string_view value) {
  if (value.empty()) return true;
  for (const char c : value) {
    if (c <= ' ' || c >= '\x7f' || c == '"' || c == '\\' || c == '=') return true;
  }
  return false;
}

std::string make_json(std::string_view event, std::initializer_list<Field> fields) {
  std::string line = R"("event":)";
  append_quoted(line, event);
  for (const Field& field : fields) {
    line += ',';
    append_quoted(line, field.key);
    line += ':';
    append_quoted(line, field.value);
  }
  return line;
}

std::string make_human(std::string_view event, std::initializer_list<Field> fields) {
  std::string line(event);
  for (const Field& field : fields) {
    line += ' ';
    append_escaped(line, field.key);
    line += '=';
    if (needs_quotes(field.value)) {
      append_quoted(line, field.value);
    } else {
      append_escaped(line, field.value);
    }
  }
  return line;
}

}  // namespace

void start_log(const LogSettings& settings) {
  const bool json = settings.format == "json";
  writes_json() = json;
  set_pattern(the_log(), json);
  the_log().set_level(level_of(level_named(settings.level)));
}

void log_event(Level level, std::string_view event, std::initializer_list<Field> fields) {
  spdlog::logger& logger = the_log();
  const spdlog::level::level_enum as = level_of(level);
  if (!logger.should_log(as)) return;
  const std::string line = writes_json() ? make_json(event, fields) : make_human(event, fields);
  logger.log(as, spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace portero
