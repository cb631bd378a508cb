// What `portero check` looks at, and how it asks.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "proxy/base/fetch.h"
#include "proxy/settings/read_settings.h"

namespace portero {

struct CheckInput {
  const ReadSettings& read;
  std::string credentials_directory;  // systemd's $CREDENTIALS_DIRECTORY, or empty
  std::int64_t now = 0;               // seconds since 1970

  /// Each gives a BlockingFetch with a time budget of its own; empty: offline. The first trusts the
  /// authorities of `github.ca_file`, the second those of the system.
  std::function<BlockingFetch()> begin_github = {};
  std::function<BlockingFetch()> begin_public = {};
};

}  // namespace portero
