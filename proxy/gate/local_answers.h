// What the gate answers itself, before any queue: preflights, files and what no route and no file
// could ever answer. Pure. cpp-httplib never sees these requests, so it never compresses anything.
#pragma once

#include <optional>

#include "proxy/gate/request_reader.h"
#include "proxy/base/http.h"
#include "proxy/snapshot.h"

namespace portero {

/// The answer to a preflight, another OPTIONS (405) or a request for a file (any method but GET and
/// HEAD: 405); nullopt: the router's work.
[[nodiscard]] std::optional<Response> answer_locally(const Snapshot& snapshot,
                                                          const ReadRequest& read);

}  // namespace portero
