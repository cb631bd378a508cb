// GET /v1/session: who is signed in. Also what other calls share: how a call's session is found,
// and how a new one is carried.
#pragma once

#include "proxy/app/page_call.h"

namespace portero {

/// 200: who is signed in, or `"user":null` with the reason: `expired` for a session that expired
/// or that the operator ended, else `none`. Renews by `idle`. 401 only if a key-bound session is
/// invalid.
[[nodiscard]] Answer answer_session(const PageCall& call);

struct FoundSession {
  SessionFound found = SessionFound::kNone;
  Session session = {};   // as it was sealed; empty if open_session() failed
  std::int64_t ends = 0;  // by today's settings; seconds since 1970
};

/// The session that came with the call, and whether it is valid now.
[[nodiscard]] FoundSession find_session(const PageCall& call);

/// The same for a session that is meant for `audience`. The one place that decides it.
[[nodiscard]] FoundSession open_found(std::string_view sealed, const AppContext& app,
                                      const Audience& audience, std::int64_t now);

/// True for an invalid session that is bound to a key: the 401 tells the page to delete its session
/// and its key. A page is never told that its cookie is invalid.
[[nodiscard]] bool is_refused(const PageCall& call, SessionFound found);

/// That 401.
[[nodiscard]] Answer refuse_session(SessionFound found);

/// The JSON answer that names the session's user and carries the session, sealed: in Set-Cookie, or
/// by key as its member `session`. Errors: kSessionTooLarge, kInternal (no key may seal now, or no
/// entropy).
[[nodiscard]] Result<Answer> carry_session(const PageCall& call, int status,
                                           const Session& session);

}  // namespace portero
