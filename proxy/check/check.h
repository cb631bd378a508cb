// `portero check`: what works and what to fix, one line each, before a visitor finds out. Looks at
// settings and files, then asks GitHub (an invalid code proves id and secret; no visitor needed),
// this proxy through its public address as a browser would, and each page for its policy. Prints no
// secret. Go next to report.h, then files.h, upstream.h, front.h, pages.h.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>

#include "proxy/base/fetch.h"
#include "proxy/settings/read_settings.h"

namespace portero {

struct CheckInput {
  const ReadSettings& read;
  std::string credentials_directory;  // systemd's $CREDENTIALS_DIRECTORY, or empty
  std::int64_t now = 0;               // seconds since 1970

  /// Each gives a Fetch with a time budget of its own; empty: offline. The first trusts the
  /// authorities of `github.ca_file`, the second those of the system.
  std::function<Fetch()> begin_github = {};
  std::function<Fetch()> begin_public = {};
};

/// Writes `ok …`, `warn …; fix` and `FAIL …; fix` lines. The exit status: 1 when something
/// failed, else 0.
[[nodiscard]] int check(const CheckInput& input, std::ostream& out);

}  // namespace portero
