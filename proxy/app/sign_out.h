// DELETE /v1/session: signs out.
#pragma once

#include "proxy/app/page_call.h"

namespace portero {

/// 204: expires our cookie and remembers the session as signed out (SignedOut). 401 as for
/// answer_session().
[[nodiscard]] Answer answer_sign_out(const PageCall& call);

}  // namespace portero
