// POST /v1/session: a code becomes a session. Fetch the token, ask who it is, seal, and have the
// token revoked. The code is sent once, whatever happens.
#pragma once

#include "proxy/app/page_call.h"

namespace portero {

/// 201 for a code that GitHub accepted: the user, and a new session, bound to the key that was
/// proven. Once a token was issued, good or bad ending, `afterwards` revokes it.
[[nodiscard]] Answer answer_sign_in(const PageCall& call);

}  // namespace portero
