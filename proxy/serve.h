// The wiring: a snapshot, the gate and GitHub put together, and run until told to stop. `portero
// serve` and portero-demo both go through here, so that the demo shows the real thing.
#pragma once

#include <functional>
#include <string>

#include "proxy/gate/gate.h"
#include "proxy/load.h"
#include "proxy/snapshot.h"
#include "proxy/systemd.h"

namespace portero {

struct ServeHooks {
  /// Called once, when visitors can connect: to "127.0.0.1:8080" or "unix:/path". May be empty.
  std::function<void(const std::string& listening)> listening;
  /// What SIGHUP and a changed key file read anew; empty: nothing is, and SIGHUP is ignored.
  std::function<Loaded(const Snapshot& old)> load = {};
  std::function<Loaded(const Snapshot& old)> load_keys = {};
  std::string reload_result_file = {};  // where the result of SIGHUP is written; empty: nowhere
  HandedSockets handed = {};
  ServiceManager service_manager = ServiceManager("");
};

/// Serves until SIGTERM or SIGINT, then lets what is under way end (10 s at most, and revocations 5
/// s more). Returns the exit status; what prevented serving goes to the log. REQUIRES: called at
/// most once at a time.
[[nodiscard]] int serve(SnapshotPointer first, ServeHooks hooks);

/// True when `listen` can be reached from other machines.
[[nodiscard]] bool listens_beyond_loopback(const std::string& listen);

}  // namespace portero
