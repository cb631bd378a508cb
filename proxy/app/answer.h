// What an answer function returns. The body is a JSON object. respond() adds the nonce and ends it.
#pragma once

#include <optional>

#include "proxy/base/fetch.h"
#include "proxy/base/http.h"
#include "proxy/base/json_text.h"
#include "proxy/telemetry/outcome.h"

namespace portero {

struct Answer {
  Response response = {};
  JsonText json = {};  // becomes response.body; empty: `response` has the body, or none
  Outcome outcome = {};
  /// One request to GitHub for after the answer was delivered: the token's revocation. Up to three
  /// tries; a failure is logged.
  std::optional<UpstreamRequest> afterwards = {};
};

/// An answer with a JSON body.
[[nodiscard]] Answer answer_json(int status, JsonText json);

/// The answer that reports `error`; `outcome.refused` tells the log. `retry_after` as for
/// make_problem().
[[nodiscard]] Answer refuse(Error error, int retry_after = 0);

/// Writes the JSON into the response's body.
void write_body(Answer& answer);

}  // namespace portero
