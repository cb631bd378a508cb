#include "proxy/telemetry/request_log.h"

#include <chrono>
#include <utility>

#include "proxy/app/app.h"
#include "proxy/telemetry/log.h"

namespace portero {
namespace {

void log_who(std::string_view event, const Request& request, std::int64_t subject) {
  log_event(Level::kInfo, event,
            {{"request", request.id},
             {"origin", request.origin.value_or("")},
             {"address", request.client},
             {"subject", std::to_string(subject)}});
}

void log_failure(const Request& request, Error error) {
  const bool our_side = http_status(error) >= 500;
  log_limited(our_side ? Level::kWarning : Level::kInfo, "login_failed",
              {{"request", request.id},
               {"origin", request.origin.value_or("")},
               {"address", request.client},
               {"reason", std::string(name(error))}});
}

/// What a page is told is one error; a nonce that has run out is how things go.
void log_proof(const Request& request, const Answer& answer) {
  log_limited(Level::kInfo, "proof_refused",
              {{"request", request.id},
               {"origin", request.origin.value_or("")},
               {"address", request.client},
               {"reason", std::string(answer.proof_fault)}});
}

void record_login(const Request& request, const Answer& answer, Metrics& metrics) {
  metrics.login_ended(answer.refused);
  if (answer.refused) return log_failure(request, *answer.refused);
  log_who("login_succeeded", request, answer.subject);
}

}  // namespace

void log_request(const Request& request, const Answer& answer, Metrics& metrics) {
  const bool is_stale = answer.refused == Error::kUseDpopNonce;
  if (!answer.proof_fault.empty() && !is_stale) log_proof(request, answer);
  if (lane_of(request.method, request.target) == Lane::kLogin) {
    return record_login(request, answer, metrics);
  }
  if (answer.session) metrics.session_checked(*answer.session);
  if (answer.subject != 0) log_who("session_signed_out", request, answer.subject);
}

Fetch with_metrics(Fetch fetch, Metrics& metrics) {
  return [fetch = std::move(fetch), &metrics](const UpstreamRequest& request) {
    const auto began = std::chrono::steady_clock::now();
    Result<UpstreamReply> reply = fetch(request);
    metrics.upstream_called(request, reply, std::chrono::steady_clock::now() - began);
    return reply;
  };
}

}  // namespace portero
