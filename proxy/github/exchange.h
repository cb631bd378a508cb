// What is said to GitHub and how its answers are read, in pairs: make_…_request builds,
// read_…_reply judges, and neither does any I/O. A reply is read in a fixed order with a named
// error at each exit: redirect, unknown client, rate limit, `error` in the body, status, form.
// Refuses to believe anything of the wrong type. GitHub: docs.github.com "Authorizing OAuth apps",
// REST "apps/oauth-applications", "users".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proxy/base/fetch.h"
#include "proxy/base/http.h"
#include "proxy/base/user.h"
#include "proxy/settings/secret.h"
#include "proxy/settings/settings.h"
#include "wasm/protocol.h"
#include "wasm/result.h"

namespace portero {

struct GrantedToken {
  Secret token;       // [A-Za-z0-9._-]{1,4096}
  std::string scope;  // as granted, comma separated
};

/// POST {github}/login/oauth/access_token, with the site's pinned redirect_uri (RFC 6749 §4.1.3).
[[nodiscard]] UpstreamRequest make_token_request(const GithubSettings& github, const Site& site,
                                                 const ExchangeRequest& exchange);

/// Errors: kProxyMisconfigured (id or secret refused), kCodeRejected (spent, foreign, expired, or
/// minted for another redirect_uri), kEmailUnverified, kUpstreamRateLimited, kUpstreamRefused,
/// kUpstreamInvalid.
[[nodiscard]] Result<GrantedToken> read_token_reply(const UpstreamReply& reply);

/// Whether `granted` (comma separated) covers every scope of `required` (space separated), a
/// broader scope standing for those it includes ("user" for "user:email").
[[nodiscard]] bool covers_scope(std::string_view granted, std::string_view required);

/// GET {api}/user.
[[nodiscard]] UpstreamRequest make_user_request(const GithubSettings& github, const Secret& token);

/// URLs that are not https are dropped, except http on loopback where GitHub itself is there (the
/// stand-in). Errors: kUpstreamRateLimited, kUpstreamRefused, kUpstreamInvalid.
[[nodiscard]] Result<User> read_user_reply(const UpstreamReply& reply,
                                           const GithubSettings& github);

/// DELETE {api}/applications/{client_id}/token: the token dies, the person's grant stays.
[[nodiscard]] UpstreamRequest make_revoke_request(const GithubSettings& github, const Site& site,
                                                  const Secret& token);

/// A token GitHub no longer knows counts as revoked. Errors: kProxyMisconfigured,
/// kUpstreamRateLimited, kUpstreamRefused, kUpstreamInvalid.
[[nodiscard]] Result<Done> read_revoke_reply(const UpstreamReply& reply);

/// A token request with a code that never was: how GitHub refuses it proves id and secret without a
/// visitor, for `portero check`.
[[nodiscard]] UpstreamRequest make_probe_request(const GithubSettings& github, const Site& site);

/// Good when GitHub refused nothing but the code. Errors: kRedirectUriMismatch when it did not like
/// the callback URL, otherwise those of read_token_reply.
[[nodiscard]] Result<Done> read_probe_reply(const UpstreamReply& reply);

/// Seconds to wait after kUpstreamRateLimited, 1 to 3,600, from retry-after or x-ratelimit-reset;
/// 60 when GitHub named none.
[[nodiscard]] int read_retry_after(const UpstreamReply& reply, std::int64_t now);

}  // namespace portero
