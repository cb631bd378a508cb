// What an operator may change while the proxy runs, read together and never changed afterwards. A
// request keeps the snapshot it began with, so a reload (SIGHUP, a new key file) never mixes old
// and new. load.h makes one; serve.cpp publishes it to the gate. The requests that began with it
// keep it alive, and whichever thread lets go last destroys it. SignedOut, Admission, Metrics and
// the gate outlive every snapshot.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "proxy/base/fetch.h"
#include "proxy/session/key_ring.h"
#include "proxy/settings/settings.h"
#include "proxy/site/files.h"

namespace portero {

/// Begins one login's talk with GitHub: a Fetch with a time budget of its own (github/client.h).
using BeginLogin = std::function<Fetch()>;

struct Snapshot {
  Settings settings;
  KeyRing keys;
  std::shared_ptr<const FileMap> files = std::make_shared<const FileMap>();
  BeginLogin begin_login;  // keeps its client alive
};

using SnapshotPointer = std::shared_ptr<const Snapshot>;

}  // namespace portero
