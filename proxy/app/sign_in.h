// POST /v1/session: exchanges a code for a session. Gets the token, asks whose it is, seals the
// session, and has the token revoked. The code is sent to GitHub at most once.
#pragma once

#include "proxy/app/page_call.h"
#include "proxy/base/route.h"

namespace portero {

/// Answers 201 for a code that GitHub accepted: the user and a new session, bound to the key that
/// was proven. Once GitHub has issued a token, `afterwards` revokes it, however the sign-in ends.
/// Goes on in the continuations of `call->fetch`; waits for nothing.
void begin_sign_in(const SharedCall& call, Answered answered);

}  // namespace portero
