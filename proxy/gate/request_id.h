// The id under which the log names a request.
#pragma once

#include <string>

namespace portero {

/// 16 random hex digits. For reading logs, not for security.
[[nodiscard]] std::string make_request_id();

}  // namespace portero
