// From what an operator wrote to a snapshot to serve from, or to everything that stands in the way:
// at the start and again at each reload. Reads files, asks nobody.
#pragma once

#include <string>

#include "proxy/settings/read_settings.h"
#include "proxy/snapshot.h"

namespace portero {

struct Loaded {
  SnapshotPointer snapshot;  // null when there is a mistake
  Findings findings;
};

/// `input` stays as it is, for the next time. With `old`, what cannot change in a running process
/// (`listen`, `internal_listen`, `listen_mode`, `limits.logins`, `limits.queue`) stays as it is
/// there, with a warning; its GitHub client is kept when it trusts the same authorities.
[[nodiscard]] Loaded load(const SettingsInput& input, const Snapshot* old = nullptr);

/// The old snapshot with its key file read anew.
[[nodiscard]] Loaded load_keys(const SettingsInput& input, const Snapshot& old);

}  // namespace portero
