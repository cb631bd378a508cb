#include "proxy/app/sign_in.h"

#include <utility>

#include "proxy/app/look_up.h"
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

/// One sign-in on its way. Each step begins the next from GitHub's reply, on the upstream thread.
struct SignIn {
  SharedCall call;
  Answered answered;
  Admission::Verdict admitted = {};
  GrantedToken granted = {};
  User user = {};
};
using SharedSignIn = std::shared_ptr<SignIn>;

/// From the moment there is a token, every answer revokes it. A GitHub that said who it is has
/// answered: how long a page's many rules take must not close the way in at other pages.
void end(SignIn& sign_in, Answer answer) {
  const PageCall& call = *sign_in.call;
  if (!sign_in.granted.token.empty()) {
    answer.afterwards =
        make_revoke_request(call.app.settings.github, *call.site, sign_in.granted.token);
  }
  const bool was_told = sign_in.user.id != 0;
  call.app.admission.ended(sign_in.admitted, was_told ? std::nullopt : answer.outcome.refused);
  sign_in.answered(std::move(answer));
}

/// GitHub grants its apps permissions, and names no scope with their tokens.
bool has_scopes(const Site& site, const Secret& token) {
  return !is_github_app(site.client_id) && !token.reveal().starts_with("ghu_");
}

/// The token says who it is and what they are a member of, and that is sealed.
Answer open_session(const PageCall& call, const User& user, Groups groups) {
  const Result<std::string> sid = make_sid();
  if (!sid) return refuse(sid.error());
  const Session session{.iss = call.app.settings.github.issuer,
                        .aud = call.site->origin,
                        .sid = *sid,
                        .auth_time = call.now,
                        .iat = call.now,
                        .exp = expiry(call.app.settings.session, call.now, call.now),
                        .jkt = call.jkt,
                        .user = user,
                        .groups = std::move(groups)};
  Result<Answer> answer = carry_session(call, 201, session);
  if (!answer) return refuse(answer.error());
  answer->outcome.subject = user.id;
  return std::move(*answer);
}

/// Most sites have no rules, and ask no more.
void open_with_groups(const SharedSignIn& sign_in) {
  look_up(sign_in->call, sign_in->granted.token, sign_in->user.login,
          [sign_in](Result<Groups, LookUpFailure> groups) {
            if (groups) {
              return end(*sign_in, open_session(*sign_in->call, sign_in->user, *std::move(groups)));
            }
            end(*sign_in, refuse(groups.error().error, groups.error().retry_after));
          });
}

/// With `user:email` the address is the primary one or none, never the public one, which need not
/// be verified.
void read_emails(const SharedSignIn& sign_in, const Result<UpstreamReply>& list) {
  if (!list) return end(*sign_in, refuse(list.error()));
  const Result<std::optional<std::string>> address = read_emails_reply(*list);
  if (!address) return end(*sign_in, refuse_with(address.error(), *list, sign_in->call->now));
  sign_in->user.email = *address;
  open_with_groups(sign_in);
}

void read_user(const SharedSignIn& sign_in, const Result<UpstreamReply>& reply) {
  const PageCall& call = *sign_in->call;
  const GithubSettings& github = call.app.settings.github;
  if (!reply) return end(*sign_in, refuse(reply.error()));
  Result<User> user = read_user_reply(*reply, github);
  if (!user) return end(*sign_in, refuse_with(user.error(), *reply, call.now));
  sign_in->user = std::move(*user);
  const GrantedToken& granted = sign_in->granted;
  const bool compares = has_scopes(*call.site, granted.token);
  if (!covers_scope(compares ? granted.scope : call.site->scope, "user:email")) {
    return open_with_groups(sign_in);
  }
  fetch_twice(call.fetch, make_emails_request(github, granted.token),
              [sign_in](const Result<UpstreamReply>& list) { read_emails(sign_in, list); });
}

void read_token(const SharedSignIn& sign_in, Result<UpstreamReply> reply) {
  const PageCall& call = *sign_in->call;
  if (!reply) return end(*sign_in, refuse(reply.error()));
  Result<GrantedToken> granted = read_token_reply(*reply);
  wipe(reply->body);
  if (!granted) {
    // That of GET /user is the person's own limit, and no reason to make others wait.
    if (granted.error() == Error::kUpstreamRateLimited) {
      call.app.admission.pause(call.site->client_id, read_retry_after(*reply, call.now));
    }
    return end(*sign_in, refuse_with(granted.error(), *reply, call.now));
  }
  sign_in->granted = std::move(*granted);
  const Secret& token = sign_in->granted.token;
  if (has_scopes(*call.site, token) && !covers_scope(sign_in->granted.scope, call.site->scope)) {
    return end(*sign_in, refuse(Error::kScopeMissing));
  }
  fetch_twice(call.fetch, make_user_request(call.app.settings.github, token),
              [sign_in](const Result<UpstreamReply>& user) { read_user(sign_in, user); });
}

Admission::Verdict ask_for_admission(const PageCall& call) {
  const std::optional<std::string>& session = call.session;
  return call.app.admission.ask(
      {.client_id = call.site->client_id,
       .subject = session ? subject_of(*session, call.app.keys, call.audience(), call.now) : 0,
       .per_hour = call.app.settings.limits.logins_per_hour});
}

}  // namespace

void begin_sign_in(const SharedCall& call, Answered answered) {
  if (call->carry == Carry::kOff) return answered(refuse(Error::kCrossSiteOff));
  const Result<ExchangeRequest> request = read_exchange(call->request.body);
  if (!request) return answered(refuse(request.error()));
  const Admission::Verdict admitted = ask_for_admission(*call);
  if (admitted.refused) return answered(refuse(*admitted.refused, admitted.retry_after));
  const auto sign_in = std::make_shared<SignIn>(SignIn{call, std::move(answered), admitted});
  call->fetch(make_token_request(call->app.settings.github, *call->site, *request),
              [sign_in](Result<UpstreamReply> reply) { read_token(sign_in, std::move(reply)); });
}

}  // namespace portero
