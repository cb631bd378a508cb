#include "proxy/app/sign_in.h"

#include <utility>

#include "proxy/app/session.h"
#include "proxy/base/json.h"
#include "proxy/github/replies.h"
#include "proxy/github/requests.h"
#include "proxy/session/lifetime.h"
#include "proxy/settings/github_app.h"
#include "wasm/authorize.h"
#include "wasm/protocol.h"

namespace portero {
namespace {

constexpr std::size_t kBodyMax = 64 * 1024;  // the gate's own limit is lower
constexpr std::size_t kBodyDepth = 4;

Result<ExchangeRequest> read_exchange(std::string_view body) {
  const Result<Json> document = read_json(body, kBodyMax, kBodyDepth);
  if (!document || !document->is_object()) return Error::kBadJson;
  const Json* version = find_member(*document, "v");
  const std::string* code = find_string(*document, "code");
  const std::string* verifier = find_string(*document, "code_verifier");
  const bool exact = document->size() == 3 && version != nullptr && version->is_number_unsigned() &&
                     code != nullptr && verifier != nullptr;
  if (!exact) return Error::kBadJson;
  if (*version != kProtocolVersion || !is_code(*code) || !is_code_verifier(*verifier)) {
    return Error::kBadRequest;
  }
  return ExchangeRequest{.code = *code, .code_verifier = *verifier};
}

Answer refuse_with(Error error, const UpstreamReply& reply, std::int64_t now) {
  return refuse(error, error == Error::kUpstreamRateLimited ? read_retry_after(reply, now) : 0);
}

/// Twice at most: a GET changes nothing, so a connection that died may be tried again.
Result<UpstreamReply> fetch_twice(const UpstreamRequest& request, const Fetch& fetch) {
  Result<UpstreamReply> reply = fetch(request);
  if (reply) return reply;
  const Error error = reply.error();
  if (error != Error::kUpstreamUnreachable && error != Error::kUpstreamTimeout) return error;
  return fetch(request);
}

/// Whose token it is, or the refusal. With `user:email` the address is the primary one or none,
/// never the public one, which need not be verified.
Result<User, Answer> ask_who(const PageCall& call, const Secret& token, bool may_ask_address) {
  const GithubSettings& github = call.app.settings.github;
  const Result<UpstreamReply> reply = fetch_twice(make_user_request(github, token), call.fetch);
  if (!reply) return refuse(reply.error());
  Result<User> user = read_user_reply(*reply, github);
  if (!user) return refuse_with(user.error(), *reply, call.now);
  if (!may_ask_address) return *user;
  const Result<UpstreamReply> list = fetch_twice(make_emails_request(github, token), call.fetch);
  if (!list) return refuse(list.error());
  const Result<std::optional<std::string>> address = read_emails_reply(*list);
  if (!address) return refuse_with(address.error(), *list, call.now);
  user->email = *address;
  return *user;
}

/// GitHub grants its apps permissions, and names no scope with their tokens.
bool has_scopes(const Site& site, const Secret& token) {
  return !is_github_app(site.client_id) && !token.reveal().starts_with("ghu_");
}

/// The token says who it is, and that is sealed.
Answer open_session(const PageCall& call, const GrantedToken& granted) {
  const GithubSettings& github = call.app.settings.github;
  const std::string& wanted = call.site->scope;
  const bool compares = has_scopes(*call.site, granted.token);
  if (compares && !covers_scope(granted.scope, wanted)) return refuse(Error::kScopeMissing);
  const bool may_ask_address = covers_scope(compares ? granted.scope : wanted, "user:email");
  const Result<User, Answer> user = ask_who(call, granted.token, may_ask_address);
  if (!user) return user.error();
  const Result<std::string> sid = make_sid();
  if (!sid) return refuse(sid.error());
  const Session session{.iss = github.issuer,
                        .aud = call.site->origin,
                        .sid = *sid,
                        .auth_time = call.now,
                        .iat = call.now,
                        .exp = expiry(call.app.settings.session, call.now, call.now),
                        .jkt = call.jkt,
                        .user = *user};
  Result<Answer> answer = carry_session(call, 201, session);
  if (!answer) return refuse(answer.error());
  answer->outcome.subject = user->id;
  return std::move(*answer);
}

/// From the moment there is a token, every answer revokes it.
Answer exchange(const PageCall& call, const ExchangeRequest& request) {
  const GithubSettings& github = call.app.settings.github;
  Result<UpstreamReply> reply = call.fetch(make_token_request(github, *call.site, request));
  if (!reply) return refuse(reply.error());
  const Result<GrantedToken> granted = read_token_reply(*reply);
  wipe(reply->body);
  if (!granted) {
    // That of GET /user is the person's own limit, and no reason to make others wait.
    if (granted.error() == Error::kUpstreamRateLimited) {
      call.app.admission.pause(call.site->client_id, read_retry_after(*reply, call.now));
    }
    return refuse_with(granted.error(), *reply, call.now);
  }
  Answer answer = open_session(call, *granted);
  answer.afterwards = make_revoke_request(github, *call.site, granted->token);
  return answer;
}

Admission::Verdict ask_for_admission(const PageCall& call) {
  const std::optional<std::string>& session = call.session;
  return call.app.admission.ask(
      {.client_id = call.site->client_id,
       .subject = session ? subject_of(*session, call.app.keys, call.audience(), call.now) : 0,
       .per_hour = call.app.settings.limits.logins_per_hour});
}

}  // namespace

Answer answer_sign_in(const PageCall& call) {
  if (call.carry == Carry::kOff) return refuse(Error::kCrossSiteOff);
  const Result<ExchangeRequest> request = read_exchange(call.request.body);
  if (!request) return refuse(request.error());
  const Admission::Verdict admitted = ask_for_admission(call);
  if (admitted.refused) return refuse(*admitted.refused, admitted.retry_after);
  Answer answer = exchange(call, *request);
  call.app.admission.ended(admitted, answer.outcome.refused);
  return answer;
}

}  // namespace portero
