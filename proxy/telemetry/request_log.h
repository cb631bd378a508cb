// Tells the log and the metrics how a request ended: who signed in or out (by user id) from which
// page, or why not (by the error's name). Does not read the response and never names a session
// (docs/security.md R103, R104).
#pragma once

#include "proxy/base/fetch.h"
#include "proxy/base/http.h"
#include "proxy/telemetry/metrics.h"
#include "proxy/telemetry/outcome.h"

namespace portero {

/// Logs `login_succeeded`, `login_failed`, `session_signed_out` or `proof_refused`, and counts.
void log_request(const Request& request, const Outcome& outcome, Metrics& metrics);

/// `fetch`, with each call timed and counted. REQUIRES: `metrics` outlives it.
[[nodiscard]] Fetch with_metrics(Fetch fetch, Metrics& metrics);

}  // namespace portero
