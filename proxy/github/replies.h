// How GitHub's answers are read, one function a request of requests.h; no I/O. A reply is read in a
// fixed order with a named error at each exit: redirect, unknown client, rate limit, `error` in the
// body, status, form. Refuses a member of the wrong type.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "proxy/base/fetch.h"
#include "proxy/base/user.h"
#include "proxy/settings/secret.h"
#include "proxy/settings/settings.h"
#include "wasm/result.h"

namespace portero {

struct GrantedToken {
  Secret token;       // [A-Za-z0-9._-]{1,4096}
  std::string scope;  // as granted, comma separated
};

/// Errors: kProxyMisconfigured (id or secret refused), kCodeRejected (spent, foreign, expired, or
/// minted for another redirect_uri), kEmailUnverified, kUpstreamRateLimited, kUpstreamRefused,
/// kUpstreamInvalid.
[[nodiscard]] Result<GrantedToken> read_token_reply(const UpstreamReply& reply);

/// Whether `granted` (separated by commas or spaces) covers every scope of `required` (by spaces),
/// a broader scope standing for those it includes ("user" for "user:email").
[[nodiscard]] bool covers_scope(std::string_view granted, std::string_view required);

/// URLs that are not https are dropped, except http on loopback where GitHub itself is there (the
/// stand-in). Errors: kUpstreamRateLimited, kUpstreamRefused, kUpstreamInvalid.
[[nodiscard]] Result<User> read_user_reply(const UpstreamReply& reply,
                                           const GithubSettings& github);

/// The primary address, if it is verified. None, too, after 403 and 404: the token may not ask.
/// Errors: those of read_user_reply.
[[nodiscard]] Result<std::optional<std::string>> read_emails_reply(const UpstreamReply& reply);

/// A token GitHub no longer knows counts as revoked. Errors: kProxyMisconfigured,
/// kUpstreamRateLimited, kUpstreamRefused, kUpstreamInvalid.
[[nodiscard]] Result<Done> read_revoke_reply(const UpstreamReply& reply);

/// Done if GitHub refused only the code. Errors: kRedirectUriMismatch if it refused the callback
/// URL, otherwise those of read_token_reply.
[[nodiscard]] Result<Done> read_probe_reply(const UpstreamReply& reply);

/// Seconds to wait after kUpstreamRateLimited, 1 to 3,600, from retry-after or x-ratelimit-reset;
/// 60 when GitHub named none. `now` is in seconds since 1970.
[[nodiscard]] int read_retry_after(const UpstreamReply& reply, std::int64_t now);

}  // namespace portero
