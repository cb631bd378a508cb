// What an answer function says. The body stays JSON until respond() has added what every answer of
// a page gets; only then is it written.
#pragma once

#include <optional>

#include "proxy/base/fetch.h"
#include "proxy/base/http.h"
#include "proxy/base/json.h"
#include "proxy/telemetry/outcome.h"

namespace portero {

struct Answer {
  Response response = {};
  Json json = {};  // becomes response.body; null: the body stands in `response`, or there is none
  Outcome outcome = {};
  /// One request to GitHub, to be made after the answer has been handed over (the token's
  /// revocation). Up to three tries; failure is logged.
  std::optional<UpstreamRequest> afterwards = {};
};

/// An answer with a JSON body.
[[nodiscard]] Answer answer_json(int status, Json json);

/// The problem of an error, and its name for the log. `retry_after` as for make_problem().
[[nodiscard]] Answer refuse(Error error, int retry_after = 0);

/// Writes the JSON into the response's body.
void write_body(Answer& answer);

}  // namespace portero
