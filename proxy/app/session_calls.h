// The four calls under /v1/, after app.cpp has found out that the request may be answered: by a
// configured page, with the right header and form, and with a good proof where one is needed. Each
// turns what it was asked into an Answer.
#pragma once

#include "proxy/app/page_call.h"

namespace portero {

/// 200: where the page sends its visitor, and how it will carry the session.
[[nodiscard]] Response answer_config(const PageCall& call);

/// 200: who is signed in, or `"user":null` with the reason: `expired` for a session that was good
/// once and has ended, by its age or by the operator, else `none`. Renews by `idle`. 401 only for a
/// session that was carried by a key and is none: a page that asks without one has no answer of
/// 4xx.
[[nodiscard]] Answer answer_session(const PageCall& call);

/// 204: our cookie expired, the session remembered as ended. 401 as above.
[[nodiscard]] Answer answer_sign_out(const PageCall& call);

/// 201 for a code that GitHub accepted: the user, and a new session, bound to the key that was
/// proven. Any failure expires the cookie that was there. Once a token was minted,
/// good or bad ending, `afterwards` revokes it. See sign_in.cpp.
[[nodiscard]] Answer answer_sign_in(const PageCall& call, const Fetch& fetch);

/// The JSON answer that names the session's user and carries the session, sealed: in Set-Cookie, or
/// by key as its member `session`. Errors: kSessionTooLarge, kInternal (no key may seal now, or no
/// entropy).
[[nodiscard]] Result<Response> carry_session(const PageCall& call, int status,
                                             const Session& session);

}  // namespace portero
