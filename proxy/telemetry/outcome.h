// How a request ended, beyond its response: what the log and the metrics are told and the visitor
// is not.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "wasm/error.h"

namespace portero {

/// What the session that came with a request turned out to be. A visitor is told less; the metrics
/// may know.
enum class SessionFound {
  kOpened,
  kNone,
  kInvalid,
  kExpired,
  kSignedOut,
  kNotBefore,
  kProof,  // the proof beside it is missing or not good
  kNonce,  // the proof is good but for its nonce
};

struct Outcome {
  std::optional<Error> refused = {};         // why, when the response is a problem
  std::int64_t subject = 0;                  // user id of who signed in or out; 0: nobody did
  std::optional<SessionFound> session = {};  // when the request asked for its session
  std::string_view proof_fault = {};         // what was wrong with its proof
};

}  // namespace portero
