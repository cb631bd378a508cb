// GET /v1/config: what a page must know before its visitor clicks.
#pragma once

#include "proxy/app/page_call.h"

namespace portero {

/// 200: where the page sends its visitor, and how it will carry the session.
[[nodiscard]] Answer answer_config(const PageCall& call);

}  // namespace portero
