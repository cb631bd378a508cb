// What a session says, and its reader: one walk over the text, for it runs at every request.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proxy/base/user.h"
#include "proxy/policy/groups.h"
#include "wasm/result.h"

namespace portero {

/// The claims. Times are seconds since 1970.
struct Session {
  std::string iss;  // GitHub's issuer
  std::string aud;  // the page's origin
  std::string sid;  // random; kept by a renewal
  std::int64_t auth_time = 0;
  std::int64_t iat = 0;
  std::int64_t exp = 0;
  std::string jkt = {};  // `cnf.jkt` (RFC 9449 §6.1): the key it is bound to; empty: to none
  User user;             // `sub` is its id as text
  /// Of a session that was read: `user` as its claims have it, where make_user_json() would write
  /// the same bytes; else empty.
  std::string user_json = {};
  Groups groups = {};  // `groups`, `unmet`, `hidden`: absent if nothing was asked
};

/// The session that `text` holds, as seal_session() writes it. What it does not know it leaves out.
/// Refused: what no reader of JSON may take (base/json.h), a key that comes twice in one object,
/// nesting deeper than the user's, a claim that is missing or of another type, a `sub` that is not
/// the user's id, a `cnf` that we never write. Errors: kNoSession.
[[nodiscard]] Result<Session> read_claims(std::string_view text);

}  // namespace portero
