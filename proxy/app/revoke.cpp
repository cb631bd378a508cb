#include "proxy/app/revoke.h"

#include <memory>
#include <utility>

#include "proxy/github/replies.h"
#include "proxy/telemetry/log.h"

namespace portero {
namespace {

constexpr int kRevocationTries = 3;
constexpr std::chrono::milliseconds kRevocationPause(250);
constexpr int kPauseGrowth = 4;

struct Revoking {
  Revocation with;
  std::function<void()> ended;
  int tries = 0;
  std::chrono::milliseconds pause = kRevocationPause;
};

void try_to_revoke(const std::shared_ptr<Revoking>& revoking);

void read_revocation(const std::shared_ptr<Revoking>& revoking,
                     const Result<UpstreamReply>& reply) {
  const Result<Done> revoked = reply ? read_revoke_reply(*reply) : Result<Done>(reply.error());
  if (revoked) return revoking->ended();
  if (revoking->tries < kRevocationTries) {
    // A host that is away for a moment comes back; a token that is given up on does not end.
    const auto pause = std::exchange(revoking->pause, revoking->pause * kPauseGrowth);
    return revoking->with.after(pause, [revoking] { try_to_revoke(revoking); });
  }
  revoking->with.metrics.revocation_failed();
  log_event(
      Level::kError, "revocation_failed",
      {{"request", revoking->with.request_id}, {"reason", std::string(name(revoked.error()))}});
  revoking->ended();
}

void try_to_revoke(const std::shared_ptr<Revoking>& revoking) {
  ++revoking->tries;
  revoking->with.fetch(revoking->with.request, [revoking](const Result<UpstreamReply>& reply) {
    read_revocation(revoking, reply);
  });
}

}  // namespace

void revoke(Revocation revocation, std::function<void()> ended) {
  try_to_revoke(std::make_shared<Revoking>(Revoking{std::move(revocation), std::move(ended)}));
}

}  // namespace portero
