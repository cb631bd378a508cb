// How a request ended, beyond its response: what the log and the metrics learn and the visitor does
// not.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "wasm/error.h"

namespace portero {

/// What became of the session of a request. The metrics show it; a visitor is told less.
enum class SessionFound {
  kOpened,
  kNone,
  kInvalid,
  kExpired,
  kSignedOut,
  kNotBefore,
  kProof,  // its proof is absent or invalid
  kNonce,  // only the proof's nonce is invalid
};

/// How a check of a policy ended.
enum class CheckResult { kAllowed, kNoSession, kTooOld, kNoRule, kHidden };

struct CheckCounters;  // telemetry/metrics.h

/// A check of a policy, and where it is counted.
struct Checked {
  CheckResult result;
  CheckCounters* counters;
};

struct Outcome {
  std::optional<Error> refused = {};         // why, when the response is a problem
  std::int64_t subject = 0;                  // user id of who signed in or out; 0: nobody did
  std::optional<SessionFound> session = {};  // when the request asked for its session
  std::string_view proof_fault = {};         // what was wrong with its proof
  std::optional<Checked> check = {};         // when it was a check
};

}  // namespace portero
