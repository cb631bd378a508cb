// Whatever was sealed with our key: what opens as a session is for this page and issuer, is not
// over, names one person, and seals and opens again as itself.
#include "proxy/session/jwe.h"
#include "tests/fuzz/page.h"

namespace portero::claims_fuzz {

const KeyRing kRing = make_ring();

Result<Session> open(const Result<std::string>& sealed) {
  if (!sealed) return sealed.error();
  return open_session(*sealed, kRing, kHere, kNow);
}

bool is_same(const Session& a, const Session& b) {
  return a.groups.held == b.groups.held &&
         a.groups.unmet + a.groups.hidden == b.groups.unmet + b.groups.hidden && a.sid == b.sid &&
         a.auth_time == b.auth_time && a.iat == b.iat && a.exp == b.exp &&
         make_user_json(a.user).text() == make_user_json(b.user).text();
}

FUZZ_TARGET(claims)(const std::uint8_t* data, std::size_t size) {
  const std::string_view claims = text_of(data, size);
  const Result<std::string> sealed = seal_jwe(claims, kRing.keys[0]);
  check(sealed && *open_jwe(*sealed, kRing, kNow) == claims, "the envelope gives back its text");
  const Result<Session> session = open(sealed);
  if (!session) return 0;
  check(session->iss == kHere.iss && session->aud == kHere.aud, "it is for here");
  check(session->exp > kNow, "it is not over");
  const std::string& user = session->user_json;
  check(user.empty() || user == make_user_json(session->user).text(), "its user is as written");
  check(!open_session(*sealed, kRing, {.iss = kHere.iss, .aud = "https://other.example"}, kNow),
        "it is for nowhere else");
  const Result<Session> again = open(seal_session(*session, kRing.keys[0]));
  if (!again) return 0;  // only a sid too long for a cookie, which we never make
  const Result<Session> once_more = open(seal_session(*again, kRing.keys[0]));
  check(once_more && is_same(*again, *once_more), "sealed again it is the same");
  return 0;
}

}  // namespace portero::claims_fuzz
