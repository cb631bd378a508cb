// Claims out and what they must say; in they come by claims.cpp, and the envelope itself is
// jwe.cpp.
#include "proxy/session/session.h"

#include <openssl/rand.h>

#include <array>
#include <utility>

#include "proxy/base/time.h"
#include "proxy/session/claims.h"
#include "proxy/session/cookies.h"
#include "proxy/session/jwe.h"
#include "wasm/encoding.h"

namespace portero {
namespace {

constexpr std::size_t kNameMax = 128;     // bytes
constexpr std::size_t kAddressMax = 254;  // bytes; RFC 5321 §4.5.3.1.3
constexpr std::size_t kUrlMax = 512;      // bytes

std::string cut(std::string_view text, std::size_t max) {
  if (text.size() <= max) return std::string(text);
  while (max > 0 && (static_cast<unsigned char>(text[max]) & 0xC0U) == 0x80U) --max;
  return std::string(text.substr(0, max));
}

User fit(const User& user) {
  User fitted = user;
  fitted.login = cut(user.login, kNameMax);
  if (fitted.name) fitted.name = cut(*user.name, kNameMax);
  if (fitted.email && fitted.email->size() > kAddressMax) fitted.email.reset();
  if (fitted.avatar_url.size() > kUrlMax) fitted.avatar_url.clear();
  if (fitted.html_url.size() > kUrlMax) fitted.html_url.clear();
  return fitted;
}

Result<Session> open_any(std::string_view sealed, const KeyRing& keys, const Audience& audience,
                         std::int64_t now) {
  if (sealed.size() > kSessionMax) return Error::kNoSession;
  const Result<std::string> plain = open_jwe(sealed, keys, now);
  if (!plain) return Error::kNoSession;
  Result<Session> session = read_claims(*plain);
  if (!session || session->iss != audience.iss || session->aud != audience.aud)
    return Error::kNoSession;
  if (!equal_constant_time(session->jkt, audience.jkt)) return Error::kNoSession;
  return session;
}

/// What is sealed.
std::string write_claims(const Session& session, const User& user) {
  JsonText claims;
  claims.add_text("iss", session.iss);
  claims.add_text("sub", std::to_string(user.id));
  claims.add_text("aud", session.aud);
  claims.add_text("sid", session.sid);
  claims.add_number("auth_time", session.auth_time);
  claims.add_number("iat", session.iat);
  claims.add_number("exp", session.exp);
  JsonText cnf;
  cnf.add_text("jkt", session.jkt);
  if (!session.jkt.empty()) claims.add_object("cnf", cnf);
  const Groups& groups = session.groups;
  if (!groups.is_empty()) {
    claims.add_texts("groups", groups.held);
    claims.add_text("unmet", groups.unmet);
    claims.add_text("hidden", groups.hidden);
  }
  claims.add_object("user", make_user_json(user));
  return std::move(claims).text();
}

}  // namespace

Result<std::string> make_sid() {
  std::array<unsigned char, 16> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) return Error::kInternal;
  return base64url_encode(bytes);
}

JsonText make_user_json(const User& user) {
  const auto add_or_null = [](JsonText& to, std::string_view name, const std::string& text) {
    return text.empty() ? to.add_null(name) : to.add_text(name, text);
  };
  JsonText json;
  json.add_number("id", user.id);
  json.add_text("login", user.login);
  json.add_text_or_null("name", user.name);
  add_or_null(json, "avatar_url", user.avatar_url);
  add_or_null(json, "html_url", user.html_url);
  json.add_text_or_null("email", user.email);
  return json;
}

Result<std::string> seal_session(const Session& session, const SealingKey& key) {
  User user = fit(session.user);
  Result<std::string> sealed = seal_jwe(write_claims(session, user), key);
  if (sealed && sealed->size() > kSessionMax - kCookieNameMax) {
    user.avatar_url.clear();
    user.html_url.clear();
    sealed = seal_jwe(write_claims(session, user), key);
  }
  if (sealed && sealed->size() > kSessionMax) return Error::kSessionTooLarge;
  return sealed;
}

std::size_t longest_session(const Site& site, std::string_view issuer) {
  constexpr char kEscaped = '"';  // two bytes in JSON; what takes more is in no name or address
  constexpr std::size_t kSid = 22;
  constexpr std::size_t kThumbprint = 43;
  Session session{.iss = std::string(issuer),
                  .aud = site.origin,
                  .sid = std::string(kSid, 's'),
                  .auth_time = kLastSecond,
                  .iat = kLastSecond,
                  .exp = kLastSecond,
                  .jkt = std::string(kThumbprint, 'k'),
                  .user = {.id = std::int64_t{1} << 53U,
                           .login = std::string(kNameMax, 'l'),
                           .name = std::string(kNameMax, kEscaped),
                           .avatar_url = {},
                           .html_url = {},
                           .email = std::string(kAddressMax, kEscaped)}};
  for (const Rule& rule : site.rules) add_answer(rule, Holds::kYes, session.groups);
  return jwe_size(write_claims(session, session.user).size(), std::string(kKidMax, 'k'));
}

Result<Session> open_session(std::string_view sealed, const KeyRing& keys, const Audience& audience,
                             std::int64_t now) {
  Result<Session> session = open_any(sealed, keys, audience, now);
  if (session && session->exp <= now) return Error::kSessionExpired;
  return session;
}

std::int64_t subject_of(std::string_view sealed, const KeyRing& keys, const Audience& audience,
                        std::int64_t now) {
  const Result<Session> session = open_any(sealed, keys, audience, now);
  return session ? session->user.id : 0;
}

}  // namespace portero
