// Config, who is signed in, and sign-out: the calls that ask GitHub nothing.
#include "proxy/app/session_calls.h"

#include <algorithm>
#include <array>
#include <ctime>

#include "proxy/base/json.h"
#include "proxy/session/cookies.h"
#include "proxy/session/lifetime.h"
#include "wasm/protocol.h"

namespace portero {
namespace {

std::string to_rfc3339(std::int64_t unix_seconds) {
  const auto time = static_cast<std::time_t>(unix_seconds);
  std::tm parts{};
  std::array<char, 32> text{};
  if (gmtime_r(&time, &parts) == nullptr) return {};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text.data(), size};
}

Response make_json_response(int status, const Json& body) {
  return {.status = status,
          .headers = {{"Content-Type", "application/json"}},
          .body = write_json(body)};
}

Json make_session_json(const Session& session) {
  return {{"v", kProtocolVersion},
          {"user", make_user_json(session.user)},
          {"expires_at", to_rfc3339(session.exp)}};
}

Response make_signed_out_response(std::string_view reason) {
  return make_json_response(200, {{"v", kProtocolVersion}, {"user", nullptr}, {"reason", reason}});
}

struct FoundSession {
  SessionFound found = SessionFound::kNone;
  Session session = {};   // as it was sealed; with kOpened, and when only we ended it
  std::int64_t ends = 0;  // by today's settings
};

FoundSession find_session(const PageCall& call) {
  if (!call.session) return {};
  const SessionSettings& settings = call.app.settings.session;
  Result<Session> session = open_session(*call.session, call.app.keys, call.audience(), call.now);
  if (!session) {
    const bool expired = session.error() == Error::kSessionExpired;
    return {expired ? SessionFound::kExpired : SessionFound::kInvalid};
  }
  const std::int64_t ends = end_of(*session, settings);
  SessionFound found = SessionFound::kOpened;
  if (call.app.signed_out.contains(session->sid, call.now)) {
    found = SessionFound::kSignedOut;
  } else if (is_revoked(*session, settings)) {
    found = SessionFound::kNotBefore;
  } else if (ends <= call.now) {
    found = SessionFound::kExpired;
  }
  return {found, std::move(*session), ends};
}

/// With `idle`, once half of it has passed. Failing to renew is no reason to fail the call.
void renew(const PageCall& call, const Session& session, Response& response) {
  const SessionSettings& settings = call.app.settings.session;
  if (settings.idle.count() <= 0 || call.now - session.iat < settings.idle.count() / 2) return;
  Session renewed = session;
  renewed.iat = call.now;
  renewed.exp = expiry(settings, session.auth_time, call.now);
  if (renewed.exp <= session.exp) return;
  Result<Response> carrying = carry_session(call, 200, renewed);
  if (carrying) response = std::move(*carrying);
}

/// A page that holds a key knows by a 401 that it may throw away what it has; a cookie that is none
/// is not the page's to know.
bool is_refused(const PageCall& call, SessionFound found) {
  return call.carry == Carry::kKey && found == SessionFound::kInvalid;
}

Answer refuse_session(SessionFound found) {
  Answer answer = refuse(Error::kNoSession);
  answer.session = found;
  return answer;
}

}  // namespace

Result<Response> carry_session(const PageCall& call, int status, const Session& session) {
  const SealingKey* key = call.app.keys.sealing_key(call.now);
  if (key == nullptr) return Error::kInternal;
  const Result<std::string> sealed = seal_session(session, *key);
  if (!sealed) return sealed.error();
  // Browsers keep 4,096 bytes of name and value together.
  if (sealed->size() + call.site.cookie_name.size() > kSessionMax) return Error::kSessionTooLarge;
  Json body = make_session_json(session);
  if (call.carry == Carry::kKey) {
    body["session"] = *sealed;
    return make_json_response(status, body);
  }
  Response response = make_json_response(status, body);
  const std::chrono::seconds max_age(session.exp - call.now);
  response.headers.push_back({"Set-Cookie", make_set_cookie(call.site, *sealed, max_age)});
  return response;
}

Response answer_config(const PageCall& call) {
  const Settings& settings = call.app.settings;
  Json body = {{"v", kProtocolVersion},
               {"client_id", call.site.client_id},
               {"authorize_url", settings.github.url + std::string(kAuthorizePath)},
               {"issuer", settings.github.issuer},
               {"redirect_uri", call.site.redirect_uri},
               {"scope", call.site.scope},
               {"carry", name(call.carry)}};
  if (settings.github.require_issuer) body["require_issuer"] = true;
  Response response = make_json_response(200, body);
  // A nonce is for now, and asked for anew when it was refused.
  const bool is_kept = call.carry != Carry::kKey;
  response.headers.push_back({"Cache-Control", is_kept ? "private, max-age=300" : "no-store"});
  response.headers.push_back({"Vary", "Origin"});
  return response;
}

Answer answer_session(const PageCall& call) {
  auto [found, session, ends] = find_session(call);
  if (is_refused(call, found)) return refuse_session(found);
  if (found != SessionFound::kOpened) {
    const bool ended = found == SessionFound::kExpired || found == SessionFound::kNotBefore;
    return {.response = make_signed_out_response(ended ? "expired" : "none"), .session = found};
  }
  session.exp = ends;
  Response response = make_json_response(200, make_session_json(session));
  renew(call, session, response);
  return {.response = std::move(response), .session = found};
}

Answer answer_sign_out(const PageCall& call) {
  Answer answer{.response = {.status = 204, .headers = {}, .body = {}}};
  if (call.carry == Carry::kOff) return answer;
  const auto [found, session, ends] = find_session(call);
  if (is_refused(call, found)) return refuse_session(found);
  answer.session = found;
  if (found == SessionFound::kOpened) answer.subject = session.user.id;
  // One that only today's settings have ended would be back with others.
  if (!session.sid.empty()) {
    // A renewal in another tab may have moved `exp`, to the end of the lifetime at most.
    const std::int64_t end = session.auth_time + call.app.settings.session.lifetime.count();
    call.app.signed_out.add(session.sid, std::max(session.exp, end), call.now);
  }
  if (call.carry == Carry::kCookie) {
    answer.response.headers.push_back({"Set-Cookie", make_expired_cookie(call.site)});
  }
  return answer;
}

}  // namespace portero
