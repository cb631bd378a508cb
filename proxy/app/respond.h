// The proxy's heart: respond() turns one request into one answer. No socket, no clock, no thread: a
// test calls it with a lambda for GitHub. It makes the checks that a route asks for, in their
// order, then calls the route's answer function.
// Read next: routes.h (all calls), github/requests.h (what is said to GitHub) and
// session/session.h (what is sealed).
#pragma once

#include <cstdint>

#include "proxy/app/answer.h"
#include "proxy/app/context.h"

namespace portero {

/// One request in, one answer out: what docs/protocol.md says of the app. The gate adds CORS
/// headers, framing and the common headers. It answers preflights, OPTIONS, files, what has no
/// route (404, 405) and what its reader refuses (400, 408, 413, 415, 431) itself. `fetch` is empty
/// for routes that ask GitHub nothing. Any thread. Never throws.
[[nodiscard]] Answer respond(const Request& request, const AppContext& app, const Fetch& fetch,
                             std::int64_t now_unix_seconds);

}  // namespace portero
