// A proxy whose GitHub answers at once, so that a test has its answer when the call returns.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <utility>

#include "proxy/app/respond.h"

namespace portero {

/// What `github` says, as a Fetch.
inline Fetch at_once(BlockingFetch github) {
  return [github = std::move(github)](const UpstreamRequest& request, const Then& then) {
    then(github(request));
  };
}

/// respond() or begin_response(), whichever the request's route takes.
inline Answer answer_at_once(const Request& request, const AppContext& app,
                             const BlockingFetch& github, std::int64_t now) {
  if (request.route == nullptr || request.route->begin == nullptr) {
    return respond(request, app, now);
  }
  std::optional<Answer> given;
  begin_response(request, app, at_once(github), now, [&given](Answer answer) {
    if (given) std::abort();  // one request, one answer
    given = std::move(answer);
  });
  if (!given) std::abort();
  return std::move(*given);
}

}  // namespace portero
