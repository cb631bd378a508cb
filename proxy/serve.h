// The wiring: settings, keys, page files, GitHub and the gate put together, and run until told to
// stop. `portero serve` and portero-demo both go through here, so that the demo shows the real
// thing.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "proxy/http.h"
#include "proxy/session/key_ring.h"
#include "proxy/settings/settings.h"

namespace portero {

/// Begins one login's talk with GitHub: a Fetch with a time budget of its own (github/github.h).
using BeginLogin = std::function<Fetch()>;

struct ServeHooks {
  std::function<void(int port)> listening;  // called once, when visitors can connect; may be empty
  std::vector<std::string> forbidden;       // files that static_dir must not reach
};

/// Serves until SIGTERM or SIGINT, then lets what is under way end. Returns the exit status; what
/// prevented serving goes to the log. REQUIRES: settings without mistakes; called at most once at a
/// time.
[[nodiscard]] int serve(const Settings& settings, const KeyRing& keys,
                        const BeginLogin& begin_login, const ServeHooks& hooks);

/// True when `listen` can be reached from other machines.
[[nodiscard]] bool listens_beyond_loopback(const std::string& listen);

}  // namespace portero
