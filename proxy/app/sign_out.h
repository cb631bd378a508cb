// DELETE /v1/session.
#pragma once

#include "proxy/app/page_call.h"

namespace portero {

/// 204: our cookie expired, the session remembered as ended. 401 as for answer_session().
[[nodiscard]] Answer answer_sign_out(const PageCall& call);

}  // namespace portero
