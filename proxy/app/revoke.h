// What follows a sign-in's answer: GitHub's token is revoked, since nobody needs it any more.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "proxy/base/fetch.h"
#include "proxy/telemetry/metrics.h"

namespace portero {

/// Calls `work` after that time, on the thread of this call.
using After = std::function<void(std::chrono::milliseconds pause, std::function<void()> work)>;

/// With what a token is revoked.
struct Revocation {
  UpstreamRequest request;
  Fetch fetch;
  After after;
  std::string request_id;  // the sign-in's, for the log
  Metrics& metrics;
};

/// Up to three tries, 250 ms and 1 s apart, then calls `ended`. That all failed is logged and
/// counted. Waits for nothing.
void revoke(Revocation revocation, std::function<void()> ended);

}  // namespace portero
