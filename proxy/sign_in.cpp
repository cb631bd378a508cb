// POST /v1/session: a code becomes a session. Fetch the token, ask who it is, seal, and have the
// token revoked. The code is sent once, whatever happens.
#include <algorithm>

#include "proxy/github/exchange.h"
#include "proxy/session_calls.h"
#include "wasm/protocol.h"

namespace portero {
namespace {

constexpr std::size_t kBodyMax = 64 * 1024;  // the gate's own limit is lower
constexpr std::size_t kBodyDepth = 4;

/// What went wrong, and for how long to wait.
struct Failure {
  Error error = Error::kInternal;
  int retry_after = 0;
};

bool is_verifier(std::string_view text) {  // RFC 7636 §4.1
  return text.size() >= kVerifierMin && text.size() <= kVerifierMax &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '.' || c == '_' || c == '~';
         });
}

bool is_code(std::string_view text) {
  return !text.empty() && text.size() <= kCodeMax &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

Result<ExchangeRequest> read_exchange(std::string_view body) {
  const Result<Json> document = read_json(body, kBodyMax, kBodyDepth);
  if (!document || !document->is_object()) return Error::kBadJson;
  const Json* version = find_member(*document, "v");
  const std::string* code = find_string(*document, "code");
  const std::string* verifier = find_string(*document, "code_verifier");
  const bool exact = document->size() == 3 && version != nullptr && version->is_number_unsigned() &&
                     code != nullptr && verifier != nullptr;
  if (!exact) return Error::kBadJson;
  if (*version != kProtocolVersion || !is_code(*code) || !is_verifier(*verifier)) {
    return Error::kBadRequest;
  }
  return ExchangeRequest{.code = *code, .code_verifier = *verifier};
}

int retry_after(Error error, const UpstreamReply& reply, std::int64_t now) {
  return error == Error::kUpstreamRateLimited ? read_retry_after(reply, now) : 0;
}

/// Twice at most: asking who it is changes nothing, so a connection that died may be tried again.
Result<UpstreamReply> fetch_user(const UpstreamRequest& request, const Fetch& fetch) {
  Result<UpstreamReply> reply = fetch(request);
  if (reply) return reply;
  const Error error = reply.error();
  if (error != Error::kUpstreamUnreachable && error != Error::kUpstreamTimeout) return error;
  return fetch(request);
}

/// From here on there is a token: whatever comes, `answer` already revokes it.
Failure finish(const PageCall& call, const GrantedToken& granted, const Fetch& fetch,
               Answer& answer) {
  const GithubSettings& github = call.app.settings.github;
  if (!covers_scope(granted.scope, call.site.scope)) return {.error = Error::kScopeMissing};
  const Result<UpstreamReply> reply = fetch_user(make_user_request(github, granted.token), fetch);
  if (!reply) return {.error = reply.error()};
  const Result<User> user = read_user_reply(*reply, github);
  if (!user) {
    return {.error = user.error(), .retry_after = retry_after(user.error(), *reply, call.now)};
  }
  const Result<std::string> sid = make_sid();
  if (!sid) return {.error = sid.error()};
  const Session session{.iss = github.issuer,
                        .aud = call.site.origin,
                        .sid = *sid,
                        .auth_time = call.now,
                        .iat = call.now,
                        .exp = expiry(call.app.settings.session, call.now, call.now),
                        .user = *user};
  Response response = make_session_response(201, session);
  const Result<Done> carried = carry_session(call, session, response);
  if (!carried) return {.error = carried.error()};
  answer.response = std::move(response);
  return {};
}

Failure exchange(const PageCall& call, const ExchangeRequest& request, const Fetch& fetch,
                 Answer& answer) {
  const GithubSettings& github = call.app.settings.github;
  Result<UpstreamReply> reply = fetch(make_token_request(github, call.site, request));
  if (!reply) return {.error = reply.error()};
  const Result<GrantedToken> granted = read_token_reply(*reply);
  wipe(reply->body);
  if (!granted) {
    return {.error = granted.error(),
            .retry_after = retry_after(granted.error(), *reply, call.now)};
  }
  answer.afterwards = make_revoke_request(github, call.site, granted->token);
  return finish(call, *granted, fetch, answer);
}

}  // namespace

Answer answer_sign_in(const PageCall& call, const Fetch& fetch) {
  if (!call.cookie) return {make_problem(Error::kCrossSiteOff), std::nullopt};
  const Result<ExchangeRequest> request = read_exchange(call.request.body);
  if (!request) return {make_problem(request.error()), std::nullopt};
  Answer answer;
  answer.response.status = 0;
  const Failure failure = exchange(call, *request, fetch, answer);
  if (answer.response.status != 201) {
    answer.response = make_problem(failure.error, failure.retry_after);
  }
  return answer;
}

}  // namespace portero
