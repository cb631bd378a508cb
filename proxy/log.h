// One line an event: what happened, to which request, from where. Never a code, a verifier, a
// token, a cookie or a secret (THREATS R103-R105): callers pass names, numbers, origins and
// addresses only, and every value is escaped and cut to 256 bytes. spdlog writes it, to standard
// error.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "proxy/settings/settings.h"

namespace portero {

enum class Level { kDebug, kInfo, kWarning, kError };

struct Field {
  std::string_view key;
  std::string value;
};

/// Sets level and format. Before it is called: info, human.
void start_log(const LogSettings& settings);

/// Writes one line: `2026-11-24T10:00:00.000Z info login_succeeded request=… origin=…` or the same
/// as one JSON object. `event` is snake_case and constant. Any thread.
void log_event(Level level, std::string_view event, std::initializer_list<Field> fields = {});

}  // namespace portero
