// `portero check`: what works and what to mend, one line each, before a visitor finds out. Looks at
// settings and files, then asks GitHub (a code that never was proves id and secret; no visitor
// needed), this proxy through its public address as a browser would, and each page for its policy.
// Prints no secret. Go next to report.h, then files.cpp, upstream.cpp, front.cpp, pages.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>

#include "proxy/base/fetch.h"
#include "proxy/base/http.h"
#include "proxy/settings/read_settings.h"

namespace portero {

struct CheckInput {
  const ReadSettings& read;
  std::string credentials_directory;  // systemd's, or empty
  std::int64_t now = 0;               // seconds since 1970

  /// Each gives a Fetch with a budget of its own; empty: offline. The first trusts who vouches for
  /// GitHub, the second who vouches for the public address and the pages: the system's.
  std::function<Fetch()> begin_github = {};
  std::function<Fetch()> begin_public = {};
};

/// Writes `ok …`, `warn …; cure` and `FAIL …; cure` lines. The exit status: 1 when something
/// failed, else 0.
[[nodiscard]] int check(const CheckInput& input, std::ostream& out);

}  // namespace portero
