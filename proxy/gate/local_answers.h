// What the gate answers itself, before any queue: preflights, files, and what has neither a route
// nor a file. Pure. cpp-httplib never sees these requests, so it never compresses anything.
#pragma once

#include <optional>

#include "proxy/base/http.h"
#include "proxy/gate/gate_config.h"
#include "proxy/gate/request_reader.h"

namespace portero {

/// The answer to a preflight, another OPTIONS (405), a request for a file (any method but GET and
/// HEAD: 405), or one that neither a route nor a file answers; nullopt: its route answers it.
[[nodiscard]] std::optional<Response> answer_locally(const GateConfig& config,
                                                     const ReadRequest& read);

}  // namespace portero
