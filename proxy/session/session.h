// The session: who signed in where and until when, sealed so that only we can make one. A JWE in
// compact form (RFC 7516, `dir`, A256GCM) that any JOSE library reads with the key. Stateless: any
// process with the keys opens it. Never says why something did not open. Requirements:
// docs/security.md R38, R39.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proxy/base/json_text.h"
#include "proxy/base/user.h"
#include "proxy/session/claims.h"
#include "proxy/session/key_ring.h"
#include "proxy/settings/settings.h"
#include "wasm/result.h"

namespace portero {

/// 128 random bits in base64url, 22 characters. Errors: kInternal when there is no entropy.
[[nodiscard]] Result<std::string> make_sid();

/// The user as answers and claims carry it: {"id","login","name","avatar_url","html_url","email"},
/// null where absent.
[[nodiscard]] JsonText make_user_json(const User& user);

/// Seals with a fresh 96-bit IV. Names are cut (128 bytes, at a character) and an address or URL of
/// unusual length is left out. If a cookie still does not hold it, both URLs are left out.
/// Errors: kSessionTooLarge beyond kSessionMax, kInternal when the library fails.
[[nodiscard]] Result<std::string> seal_session(const Session& session, const SealingKey& key);

/// Characters of the longest session that a sign-in at `site` can seal, whoever it is, if all of
/// the site's rules hold. More than kSessionMax - kCookieNameMax: a cookie might not hold it.
[[nodiscard]] std::size_t longest_session(const Site& site, std::string_view issuer);

/// What a session must be meant for.
struct Audience {
  std::string_view iss;
  std::string_view aud;
  std::string_view jkt = {};  // empty: bound to no key, a cookie's
};

/// The session in `sealed`. `now` is in seconds since 1970. Errors: kSessionExpired if it opened
/// and is past its `exp`; kNoSession for everything else, whether forged, foreign or malformed.
[[nodiscard]] Result<Session> open_session(std::string_view sealed, const KeyRing& keys,
                                           const Audience& audience, std::int64_t now);

/// The user id in a session, expired or not; 0: it did not open. For quotas: it shows that somebody
/// was signed in here once, not that they are now.
[[nodiscard]] std::int64_t subject_of(std::string_view sealed, const KeyRing& keys,
                                      const Audience& audience, std::int64_t now);

}  // namespace portero
