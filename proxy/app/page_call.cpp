#include "proxy/app/page_call.h"

#include <algorithm>
#include <array>
#include <utility>

#include "proxy/base/json.h"
#include "proxy/session/cookies.h"
#include "proxy/session/nonce.h"
#include "proxy/base/url.h"
#include "wasm/protocol.h"

namespace portero {
namespace {

constexpr std::size_t kAnswerMax = std::size_t{16} * 1024;  // bytes; ours hold one session at most
constexpr std::size_t kAnswerDepth = 2;
constexpr int kUnauthorized = 401;

/// `DPoP <session>`, with what a session consists of; anything else names none.
std::optional<std::string_view> read_authorization(const std::optional<std::string>& header) {
  constexpr std::string_view kScheme = "DPoP ";
  if (!header || !header->starts_with(kScheme)) return std::nullopt;
  const std::string_view session = std::string_view(*header).substr(kScheme.size());
  if (!is_session_text(session)) return std::nullopt;
  return session;
}

bool is_sign_in(const Request& request) { return request.method == "POST"; }

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
  return {.iss = app.settings.github.issuer, .aud = site.origin, .jkt = jkt};
}

Result<PageCall> read_call(const Request& request, const AppContext& app, const Site& site,
                           std::int64_t now) {
  PageCall call{.request = request,
                .app = app,
                .site = site,
                .now = now,
                .carry = carry_of(app.settings, site, request)};
  if (call.carry == Carry::kCookie && request.session) call.session = *request.session;
  if (call.carry != Carry::kKey) return call;
  call.session = read_authorization(request.authorization);
  Result<std::string> nonce = make_nonce(app.keys, now);
  if (!nonce) return nonce.error();
  call.nonce = std::move(*nonce);
  return call;
}

bool needs_proof(const PageCall& call) {
  if (call.carry != Carry::kKey || path_of(call.request.target) != kSessionPath) return false;
  return is_sign_in(call.request) || call.request.authorization.has_value();
}

ProofFault prove(PageCall& call) {
  const Request& request = call.request;
  if (!request.dpop) return ProofFault::kAbsent;
  if (!is_sign_in(request) && !call.session) return ProofFault::kSession;
  const ProofTarget target{.htm = request.method,
                           .htu = call.app.settings.public_url + std::string(kSessionPath),
                           .session = is_sign_in(request) ? std::nullopt : call.session};
  ProofResult judged = verify_proof(*request.dpop, target, call.app.keys, call.now);
  call.jkt = std::move(judged.jkt);
  return judged.fault;
}

Answer refuse_proof(ProofFault fault) {
  const bool is_stale = fault == ProofFault::kNonce;
  Answer answer = refuse(is_stale ? Error::kUseDpopNonce : Error::kNoSession);
  answer.session = is_stale ? SessionFound::kNonce : SessionFound::kProof;
  answer.proof_fault = name(fault);
  return answer;
}

void add_nonce(const PageCall& call, Response& response) {
  if (call.carry != Carry::kKey || response.body.empty()) return;
  Result<Json> body = read_json(response.body, kAnswerMax, kAnswerDepth);
  if (!body) return;  // never: it is ours
  (*body)["nonce"] = call.nonce;
  response.body = write_json(*body);
  if (response.status != kUnauthorized) return;
  const std::string* code = find_string(*body, "code");
  const bool is_stale = code != nullptr && *code == name(Error::kUseDpopNonce);
  const std::string error = is_stale ? "use_dpop_nonce" : "invalid_token";
  response.headers.push_back({"WWW-Authenticate", "DPoP error=\"" + error + "\", algs=\"ES256\""});
}

}  // namespace portero
