// What an operator may change while the proxy runs, read together and never changed afterwards. A
// request keeps the snapshot it began with, so a reload (SIGHUP, a new key file) never mixes old
// and new. load.h makes one; serve.cpp publishes it to the gate. The requests that began with it
// keep it alive, and whichever thread lets go last destroys it. SignedOut, Admission, Metrics and
// the gate outlive every snapshot.
#pragma once

#include <memory>
#include <string>

#include "proxy/session/key_ring.h"
#include "proxy/settings/settings.h"
#include "proxy/site/files.h"

namespace portero {

struct Snapshot {
  Settings settings;
  KeyRing keys;
  std::shared_ptr<const FileMap> files = std::make_shared<const FileMap>();
};

using SnapshotPointer = std::shared_ptr<const Snapshot>;

}  // namespace portero
