// The one shape of every refusal: application/problem+json (RFC 9457) without `type`. Says only
// what the error's own table says: no input is echoed.
#pragma once

#include <vector>

#include "proxy/base/http.h"
#include "proxy/base/json_text.h"

namespace portero {

/// {"title","status","code","hint"}, and `retry_after` in seconds when it is above 0.
/// REQUIRES: http_status(error) != 0.
[[nodiscard]] JsonText make_problem_json(Error error, int retry_after);

/// Content-Type, and Retry-After when it is above 0.
[[nodiscard]] std::vector<Header> make_problem_headers(int retry_after);

}  // namespace portero
