// How a sign-in ended, in one log line: what was asked for from which page, and who it was (by
// GitHub's number) or why not (by the error's name). Nothing else of the answer is looked at.
#pragma once

#include "proxy/http.h"

namespace portero {

/// Logs `login_succeeded` or `login_failed`. REQUIRES: `answer` answers POST /v1/session.
void log_login(const Request& request, const Answer& answer);

}  // namespace portero
