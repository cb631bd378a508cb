// GET /v1/check/{policy}, for a web server that asks whether a visitor may pass. Of the request it
// reads the policy's name and the Cookie lines, nothing else. It asks nobody, renews nothing and
// sets no cookie, so it may be asked for every request of a site.
#pragma once

#include "proxy/app/page_call.h"

namespace portero {

/// 200 with who it is (app/identity.h); 401 `no_session` or `too_old`: a sign-in may help; 403
/// `not_allowed`: none would, `reason` says why; 404: there is no such policy. The session is
/// judged as GET /v1/session does it, and then by may_pass().
[[nodiscard]] Answer answer_check(const PageCall& call);

}  // namespace portero
