#include "proxy/telemetry/request_log.h"

#include <chrono>
#include <utility>

#include "proxy/base/route.h"
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

/// A page is told one error for all of them. An expired nonce is routine and not logged; a proof
/// for another address was, with both.
void log_proof(const Request& request, const Outcome& outcome) {
  log_limited(Level::kInfo, "proof_refused",
              {{"request", request.id},
               {"origin", request.origin.value_or("")},
               {"address", request.client},
               {"reason", std::string(outcome.proof_fault)}});
}

void record_login(const Request& request, const Outcome& outcome, Metrics& metrics) {
  metrics.login_ended(outcome.refused);
  if (outcome.refused) return log_failure(request, *outcome.refused);
  log_who("login_succeeded", request, outcome.subject);
}

}  // namespace

void log_request(const Request& request, const Outcome& outcome, Metrics& metrics) {
  const bool is_told =
      outcome.refused == Error::kUseDpopNonce || outcome.refused == Error::kProxyMisconfigured;
  if (!outcome.proof_fault.empty() && !is_told) log_proof(request, outcome);
  if (request.route != nullptr && request.route->lane == Lane::kLogin) {
    return record_login(request, outcome, metrics);
  }
  if (outcome.session) metrics.session_checked(*outcome.session);
  if (outcome.check) metrics.policy_checked(*outcome.check);
  if (outcome.subject != 0) log_who("session_signed_out", request, outcome.subject);
}

Fetch with_metrics(Fetch fetch, Metrics& metrics) {
  return [fetch = std::move(fetch), &metrics](UpstreamRequest request, Then then) {
    const GithubCall call = request.call;
    const auto began = std::chrono::steady_clock::now();
    fetch(std::move(request),
          [call, began, &metrics, then = std::move(then)](Result<UpstreamReply> reply) {
            metrics.upstream_called(call, reply, std::chrono::steady_clock::now() - began);
            then(std::move(reply));
          });
  };
}

}  // namespace portero
