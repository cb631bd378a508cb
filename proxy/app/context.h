// What respond() needs besides the request.
#pragma once

#include <span>

#include "proxy/github/admission.h"
#include "proxy/session/key_ring.h"
#include "proxy/session/signed_out.h"
#include "proxy/settings/settings.h"
#include "proxy/telemetry/metrics.h"

namespace portero {

/// Outlives every call.
struct AppContext {
  const Settings& settings;
  const KeyRing& keys;
  SignedOut& signed_out;                        // sessions that were ended here; guards itself
  Admission& admission;                         // whether GitHub may be asked now; guards itself
  Metrics& metrics;                             // what /metrics shows; guards itself
  bool ready = true;                            // false while draining: /readyz answers 503
  std::span<CheckCounters* const> checks = {};  // of settings.policies; empty: not counted
};

}  // namespace portero
