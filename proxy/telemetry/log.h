// One line an event: what happened, to which request, from where. Never a code, a verifier, a
// token, a cookie, a session or a secret: callers pass names, numbers, origins
// and addresses only. log_line.h escapes the values; line_writer.h writes the
// lines to standard error and waits 20 ms in a second at most. Every event is listed in
// docs/operating.md.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "proxy/settings/settings.h"
#include "proxy/telemetry/log_line.h"

namespace portero {

enum class Level { kDebug, kInfo, kWarning, kError };

/// Opens /dev/null for each of the three standard streams that is closed, so that no socket becomes
/// number 2 and receives the log. REQUIRES: called before anything is opened.
void ensure_standard_streams();

/// Sets level and format; until then they are info and human. Any thread.
void start_log(const LogSettings& settings);

/// If standard error is the journal, which $JOURNAL_STREAM then names as "DEVICE:INODE", each line
/// begins with its priority, "<3>" to "<7>" (sd-daemon(3)). REQUIRES: called before any line.
void begin_journal(std::string_view journal_stream);

/// What a line of that level begins with: a priority of the journal's, or nothing.
[[nodiscard]] std::string_view journal_mark(Level level);

/// Writes one line: `2026-11-24T10:00:00.000Z info login_succeeded request=… origin=…` or the same
/// as one JSON object. `event` is snake_case and constant. Any thread; never throws.
void log_event(Level level, std::string_view event,
               std::initializer_list<Field> fields = {}) noexcept;

/// The same for what strangers can cause. Of an event with the same `reason` it writes at most 10
/// lines a second, and later one `lines_suppressed`. REQUIRES: the field `reason`, if any, is a
/// word of ours.
void log_limited(Level level, std::string_view event, std::initializer_list<Field> fields) noexcept;

/// Lines not written since this was last asked.
struct LogCounts {
  std::uint64_t suppressed = 0;  // by log_limited()
  std::uint64_t lost = 0;        // standard error would not take them
};
[[nodiscard]] LogCounts take_log_counts();

}  // namespace portero
