// Makes a snapshot from what an operator wrote, or lists every mistake in it: at the start and at
// each reload. Reads files, so it may block; makes no network call.
#pragma once

#include <string>

#include "proxy/settings/read_settings.h"
#include "proxy/snapshot.h"

namespace portero {

struct Loaded {
  SnapshotPointer snapshot;  // null: there is a mistake in `findings`
  Findings findings;
};

/// With `old`, the settings that cannot change in a running process (`listen`, `internal_listen`,
/// `listen_mode`, `limits.logins`, `limits.queue`, `limits.loops`) are taken from it, with a
/// warning.
[[nodiscard]] Loaded load(const SettingsInput& input, const Snapshot* old = nullptr);

/// The old snapshot with its key file read anew.
[[nodiscard]] Loaded load_keys(const SettingsInput& input, const Snapshot& old);

}  // namespace portero
