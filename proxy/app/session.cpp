#include "proxy/app/session.h"

#include <utility>

#include "proxy/base/time.h"
#include "proxy/session/cookies.h"
#include "proxy/session/lifetime.h"
#include "wasm/protocol.h"

namespace portero {
namespace {

JsonText make_session_json(const Session& session) {
  JsonText json;
  json.add_number("v", kProtocolVersion);
  if (session.user_json.empty()) {
    json.add_object("user", make_user_json(session.user));
  } else {
    json.add_written("user", session.user_json);
  }
  json.add_text("expires_at", format_rfc3339(session.exp));
  return json;
}

Answer answer_nobody(std::string_view reason) {
  JsonText json;
  json.add_number("v", kProtocolVersion);
  json.add_null("user");
  json.add_text("reason", reason);
  return answer_json(200, std::move(json));
}

/// With `idle`, once half of it has passed. Failing to renew is no reason to fail the call.
void renew(const PageCall& call, const Session& session, Answer& answer) {
  const SessionSettings& settings = call.app.settings.session;
  if (settings.idle.count() <= 0 || call.now - session.iat < settings.idle.count() / 2) return;
  Session renewed = session;
  renewed.iat = call.now;
  renewed.exp = expiry(settings, session.auth_time, call.now);
  if (renewed.exp <= session.exp) return;
  Result<Answer> carrying = carry_session(call, 200, renewed);
  if (carrying) answer = std::move(*carrying);
}

}  // namespace

FoundSession open_found(std::string_view sealed, const AppContext& app, const Audience& audience,
                        std::int64_t now) {
  const SessionSettings& settings = app.settings.session;
  Result<Session> session = open_session(sealed, app.keys, audience, now);
  if (!session) {
    const bool expired = session.error() == Error::kSessionExpired;
    return {expired ? SessionFound::kExpired : SessionFound::kInvalid};
  }
  const std::int64_t ends = end_of(*session, settings);
  SessionFound found = SessionFound::kOpened;
  if (app.signed_out.contains(session->sid, now)) {
    found = SessionFound::kSignedOut;
  } else if (is_revoked(*session, settings)) {
    found = SessionFound::kNotBefore;
  } else if (ends <= now) {
    found = SessionFound::kExpired;
  }
  return {found, std::move(*session), ends};
}

FoundSession find_session(const PageCall& call) {
  if (!call.session) return {};
  return open_found(*call.session, call.app, call.audience(), call.now);
}

bool is_refused(const PageCall& call, SessionFound found) {
  return call.carry == Carry::kKey && found == SessionFound::kInvalid;
}

Answer refuse_session(SessionFound found) {
  Answer answer = refuse(Error::kNoSession);
  answer.outcome.session = found;
  return answer;
}

Result<Answer> carry_session(const PageCall& call, int status, const Session& session) {
  const SealingKey* key = call.app.keys.sealing_key(call.now);
  if (key == nullptr) return Error::kInternal;
  const Result<std::string> sealed = seal_session(session, *key);
  if (!sealed) return sealed.error();
  // Browsers keep 4,096 bytes of name and value together.
  if (sealed->size() + call.site->cookie_name.size() > kSessionMax) return Error::kSessionTooLarge;
  Answer answer = answer_json(status, make_session_json(session));
  if (call.carry == Carry::kKey) {
    answer.json.add_text("session", *sealed);
    return answer;
  }
  const std::chrono::seconds max_age(session.exp - call.now);
  answer.response.headers.push_back({"Set-Cookie", make_set_cookie(*call.site, *sealed, max_age)});
  return answer;
}

Answer answer_session(const PageCall& call) {
  auto [found, session, ends] = find_session(call);
  if (is_refused(call, found)) return refuse_session(found);
  const bool opened = found == SessionFound::kOpened;
  const bool ended = found == SessionFound::kExpired || found == SessionFound::kNotBefore;
  if (opened) session.exp = ends;
  Answer answer = opened ? answer_json(200, make_session_json(session))
                         : answer_nobody(ended ? "expired" : "none");
  if (opened) renew(call, session, answer);
  answer.outcome.session = found;
  return answer;
}

}  // namespace portero
