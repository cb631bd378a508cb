#include "proxy/app/page_call.h"

#include <array>
#include <utility>

#include "proxy/app/find_site.h"
#include "proxy/base/route.h"
#include "proxy/session/cookies.h"
#include "proxy/session/nonce.h"
#include "proxy/telemetry/log.h"
#include "wasm/authorize.h"
#include "wasm/protocol.h"

namespace portero {
namespace {

constexpr int kUnauthorized = 401;

/// `DPoP <session>`, with the characters of a session; anything else names no session.
std::optional<std::string> read_authorization(const std::optional<std::string>& header) {
  constexpr std::string_view kScheme = "DPoP ";
  if (!header || !header->starts_with(kScheme)) return std::nullopt;
  const std::string_view session = std::string_view(*header).substr(kScheme.size());
  if (!is_session_text(session)) return std::nullopt;
  return std::string(session);
}

/// The proof of a sign-in names no session: it does not exist yet.
bool is_for_no_session(const PageCall& call) {
  return call.request.route->needs.proof == Proof::kAlways;
}

/// The proxy whose session call that is; empty: it is none, so no page of ours made the proof.
std::string_view proxy_of(std::string_view htu) {
  constexpr std::size_t kLongest = 200;
  if (!htu.ends_with(kSessionPath)) return "";
  htu.remove_suffix(kSessionPath.size());
  return is_web_address(htu) && htu.size() <= kLongest ? htu : "";
}

/// The page calls this proxy by another name than the operator gave it: whoever signs in there
/// would be told that the session has ended, again and again.
void log_other_proxy(const PageCall& call, std::string_view proxy) {
  log_limited(
      Level::kWarning, "proxy_misconfigured",
      {{"request", call.request.id},
       {"origin", call.request.origin.value_or("")},
       {"address", call.request.client},
       {"public_url", call.app.settings.public_url},
       {"called", std::string(proxy)},
       {"fix", "name public_url as the page's proxy, or set public_url to what the page calls"}});
}

}  // namespace

std::string_view name(Carry carry) {
  constexpr std::array<std::string_view, 3> kNames = {"off", "cookie", "key"};
  return kNames.at(static_cast<std::size_t>(carry));
}

Carry carry_of(const Settings& settings, const Site& site, const Request& request) {
  if (is_same_site(site, request)) return Carry::kCookie;
  return site.cross_site && !settings.public_url.empty() ? Carry::kKey : Carry::kOff;
}

Audience PageCall::audience() const {
  return {.iss = app.settings.github.issuer, .aud = site->origin, .jkt = jkt};
}

Result<Done> read_page(const Site& site, PageCall& call) {
  call.carry = carry_of(call.app.settings, site, call.request);
  if (call.carry == Carry::kCookie) {
    FoundCookie cookie = find_cookie(call.request.cookies, site.cookie_name);
    call.has_two_cookies = cookie.doubled;
    call.session = std::move(cookie.value);
  }
  if (call.carry == Carry::kKey) {
    call.session = read_authorization(call.request.authorization);
    Result<std::string> nonce = make_nonce(call.app.keys, call.now);
    if (!nonce) return nonce.error();
    call.nonce = std::move(*nonce);
  }
  call.site = &site;
  return Done();
}

bool needs_proof(const PageCall& call) {
  if (call.carry != Carry::kKey) return false;
  const Proof needed = call.request.route->needs.proof;
  return needed == Proof::kAlways ||
         (needed == Proof::kOfASession && call.request.authorization.has_value());
}

ProofFault prove(PageCall& call) {
  const Request& request = call.request;
  const bool for_none = is_for_no_session(call);
  if (!request.dpop) return ProofFault::kAbsent;
  if (!for_none && !call.session) return ProofFault::kSession;
  const ProofTarget target{
      .htm = request.method,
      .htu = call.app.settings.public_url + std::string(kSessionPath),
      .session = for_none ? std::nullopt : std::optional<std::string_view>(call.session)};
  ProofResult result = verify_proof(*request.dpop, target, call.app.keys, call.now);
  const std::string_view other =
      result.fault == ProofFault::kUrl ? proxy_of(result.htu) : std::string_view();
  if (!other.empty()) {
    log_other_proxy(call, other);
    return ProofFault::kProxy;
  }
  call.jkt = std::move(result.jkt);
  return result.fault;
}

Answer refuse_proof(ProofFault fault) {
  const bool is_stale = fault == ProofFault::kNonce;
  Error error = is_stale ? Error::kUseDpopNonce : Error::kNoSession;
  if (fault == ProofFault::kProxy) error = Error::kProxyMisconfigured;
  Answer answer = refuse(error);
  answer.outcome.session = is_stale ? SessionFound::kNonce : SessionFound::kProof;
  answer.outcome.proof_fault = name(fault);
  return answer;
}

void add_nonce(const PageCall& call, Answer& answer) {
  if (call.carry != Carry::kKey || answer.json.is_empty()) return;
  answer.json.add_text("nonce", call.nonce);
  if (answer.response.status != kUnauthorized) return;
  const bool is_stale = answer.outcome.refused == Error::kUseDpopNonce;
  const std::string error = is_stale ? "use_dpop_nonce" : "invalid_token";
  answer.response.headers.push_back(
      {"WWW-Authenticate", "DPoP error=\"" + error + "\", algs=\"ES256\""});
}

}  // namespace portero
