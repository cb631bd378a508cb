// A request as the lanes get it: what its bytes said, and what the gate knows besides.
#pragma once

#include <string>

#include "proxy/gate/request_reader.h"
#include "proxy/base/http.h"
#include "proxy/settings/settings.h"

namespace portero {

/// Adds an id for the log, who sent it, and the value of our cookie: that of the page it speaks
/// for, found in the raw Cookie lines.
[[nodiscard]] Request identify(ReadRequest read, std::string peer, std::string client,
                               const Settings& settings);

}  // namespace portero
