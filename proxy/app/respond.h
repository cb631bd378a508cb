// The proxy's heart: respond() turns one request into one answer; begin_response() does so for what
// asks GitHub first. No socket, no clock, no thread: a test calls them with a lambda for GitHub.
// They make the checks that a route asks for, in their order, then call the route's function.
// Read next: routes.h (all calls), github/requests.h (what is said to GitHub) and
// session/session.h (what is sealed).
#pragma once

#include <cstdint>

#include "proxy/app/answer.h"
#include "proxy/app/context.h"
#include "proxy/base/route.h"

namespace portero {

/// One request in, one answer out: what docs/protocol.md says of the app. The gate adds CORS
/// headers, framing and the common headers. It answers preflights, OPTIONS, files, what has no
/// route (404, 405) and what its reader refuses (400, 408, 413, 415, 431) itself. Any thread. Never
/// throws. REQUIRES: the route, if any, has `answer`.
[[nodiscard]] Answer respond(const Request& request, const AppContext& app,
                             std::int64_t now_unix_seconds);

/// The same for a route that has `begin`: `answered` is called once, at once or from a
/// continuation of `fetch`. REQUIRES: request and context live until then.
void begin_response(const Request& request, const AppContext& app, Fetch fetch,
                    std::int64_t now_unix_seconds, Answered answered);

}  // namespace portero
