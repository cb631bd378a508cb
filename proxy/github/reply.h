// What the readers of GitHub's answers share (replies.h, memberships.h): the body, and what a
// status says once the ones of the call itself are dealt with.
#pragma once

#include "proxy/base/fetch.h"
#include "proxy/base/json.h"
#include "wasm/error.h"

namespace portero {

/// Whether GitHub asks to wait, by 429, or by 403 with a mark of it: `retry-after`, nothing left of
/// the hour, or the text of a secondary limit, which may come without either header. Source:
/// docs.github.com "Rate limits for the REST API".
[[nodiscard]] bool is_rate_limited(const UpstreamReply& reply);

/// JSON only when it says so: GitHub always does, and who does not is something in between. Errors:
/// kUpstreamInvalid, kBadJson.
[[nodiscard]] Result<Json> read_body(const UpstreamReply& reply);

/// kUpstreamInvalid for a redirect, which is never followed, as it would carry the token;
/// kUpstreamRateLimited, else kUpstreamRefused.
[[nodiscard]] Error error_of_status(const UpstreamReply& reply);

}  // namespace portero
