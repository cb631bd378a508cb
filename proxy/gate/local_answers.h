// What the gate answers itself, before any queue: preflights, files, and what has neither a route
// nor a file. Pure. cpp-httplib never sees these requests, so it never compresses anything.
#pragma once

#include <optional>

#include "proxy/base/http.h"
#include "proxy/gate/gate_config.h"
#include "proxy/gate/request_reader.h"

namespace portero {

/// Answers preflights, other OPTIONS (405), files (405 unless GET or HEAD) and unknown paths.
/// nullopt: the request has a route.
[[nodiscard]] std::optional<Response> answer_locally(const GateConfig& config,
                                                     const ReadRequest& read);

}  // namespace portero
