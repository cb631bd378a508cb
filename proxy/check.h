// `portero check`: what works and what to mend, one line each, before a visitor finds out. Asks
// GitHub whether it is reachable and whether it takes id and secret (a code that never was; no
// visitor needed), and this proxy through its public address. Prints no secret.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>

#include "proxy/http.h"
#include "proxy/settings/read_settings.h"

namespace portero {

struct CheckInput {
  const ReadSettings& read;
  std::string credentials_directory;  // systemd's, or empty
  std::function<Fetch()> begin;       // a Fetch with a budget of its own; empty: offline
  std::int64_t now = 0;               // seconds since 1970
};

/// Writes `ok …` and `FAIL …; cure` lines. The exit status: 0 when nothing failed, else 1.
[[nodiscard]] int check(const CheckInput& input, std::ostream& out);

}  // namespace portero
