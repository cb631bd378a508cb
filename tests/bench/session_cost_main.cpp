// portero-session-cost: what sealing and opening one session takes, and judging one proof of a key,
// in microseconds, as JSON.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "proxy/session/nonce.h"
#include "proxy/session/proof.h"
#include "proxy/session/session.h"
#include "tests/bench/latency.h"
#include "tests/proxy/session/prover.h"

namespace {

constexpr int kTimes = 20'000;
constexpr std::int64_t kNow = 1'800'000'000;

portero::Session make_session() {
  portero::Session session;
  session.iss = "https://github.com/login/oauth";
  session.aud = "https://page.example";
  session.sid = "AAAAAAAAAAAAAAAAAAAAAA";
  session.auth_time = session.iat = kNow;
  session.exp = kNow + 7 * 24 * 3600;
  session.user.id = 583231;
  session.user.login = "ada-page";
  session.user.name = "Ada Page";
  session.user.avatar_url = "https://avatars.githubusercontent.com/u/583231?v=4";
  session.user.html_url = "https://github.com/ada-page";
  return session;
}

/// Microseconds that one call of `act` takes, of kTimes. It ends the program when `act` fails.
template <typename Act>
double cost_of(Act act) {
  const auto started = portero::bench::Clock::now();
  for (int i = 0; i < kTimes; ++i) {
    if (!act()) std::abort();
  }
  return portero::bench::since(started) * 1000 / kTimes;
}

}  // namespace

int main() {
  portero::KeyRing keys;
  keys.keys.push_back({.kid = "bench", .k = {1, 2, 3}, .seal_from = 0, .open_until = {}});
  const portero::Session session = make_session();
  const auto sealed = portero::seal_session(session, keys.keys.front());
  if (!sealed) return 1;
  const double seal =
      cost_of([&] { return bool(portero::seal_session(session, keys.keys.front())); });
  const double open = cost_of([&] {
    return bool(
        portero::open_session(*sealed, keys, {.iss = session.iss, .aud = session.aud}, kNow));
  });
  const portero::ProofTarget target{
      .htm = "GET", .htu = "https://login.example/v1/session", .session = *sealed};
  const std::string proof = portero::Prover().prove(portero::make_claims(
      target.htm, target.htu, *portero::make_nonce(keys, kNow), *target.session));
  const double prove = cost_of([&] {
    return portero::verify_proof(proof, target, keys, kNow).fault == portero::ProofFault::kNone;
  });
  std::printf(
      "{\"seal_us\":%.2f,\"open_us\":%.2f,\"bytes\":%zu,\"prove_us\":%.2f,\"proof_bytes\":%zu}\n",
      seal, open, sealed->size(), prove, proof.size());
  return 0;
}
