// How a request ended, for the log and the metrics: who signed in or out (by GitHub's number) from
// which page, or why not (by the error's name). Of an answer's response nothing is looked at, and a
// session is not named at all (docs/security.md R103, R104).
#pragma once

#include "proxy/base/http.h"
#include "proxy/telemetry/metrics.h"

namespace portero {

/// Logs `login_succeeded`, `login_failed`, `session_signed_out` or `proof_refused`, and counts.
void log_request(const Request& request, const Answer& answer, Metrics& metrics);

/// The same calls to GitHub, each timed and counted.
[[nodiscard]] Fetch with_metrics(Fetch fetch, Metrics& metrics);

}  // namespace portero
