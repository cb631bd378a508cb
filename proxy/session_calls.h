// The four calls under /v1/, after app.cpp has found out that the request may be answered: by a
// configured page, with the right header and form. Each turns what it was asked into an Answer.
#pragma once

#include <cstdint>
#include <string>

#include "proxy/app.h"
#include "proxy/json.h"
#include "proxy/session/lifetime.h"
#include "proxy/session/session.h"

namespace portero {

/// A request of a configured page.
struct PageCall {
  const Request& request;
  const App& app;
  const Site& site;
  bool cookie = false;  // a cookie carries the session; otherwise there is none (carry "off")
  std::int64_t now = 0;
};

/// 200: where the page sends its visitor, and how it will carry the session.
[[nodiscard]] Response answer_config(const PageCall& call);

/// 200 always: who is signed in, or `"user":null` with the reason: `expired` for a session that was
/// good once and has ended, by its age or by the operator, else `none`. Renews by `idle`.
[[nodiscard]] Answer answer_session(const PageCall& call);

/// 204: our cookie expired, the session remembered as ended.
[[nodiscard]] Answer answer_sign_out(const PageCall& call);

/// 201 for a code that GitHub accepted: the user, and a new session. Any failure expires the cookie
/// that was there (THREATS T12). Once a token was minted, good or bad ending, `afterwards` revokes
/// it. See sign_in.cpp.
[[nodiscard]] Answer answer_sign_in(const PageCall& call, const Fetch& fetch);

/// The JSON answer that names the session's user.
[[nodiscard]] Response make_session_response(int status, const Session& session);

/// Seals the session into the answer's Set-Cookie. Errors: kSessionTooLarge, kInternal (no key may
/// seal now, or no entropy); the answer is unchanged then.
[[nodiscard]] Result<Done> carry_session(const PageCall& call, const Session& session,
                                         Response& response);

}  // namespace portero
