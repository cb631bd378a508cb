// What is said to GitHub. Builds requests and does no I/O. How each is answered: replies.h. Source:
// docs.github.com "Authorizing OAuth apps", REST "apps/oauth-applications", "users",
// "orgs/members", "teams/members", "repos/repos".
#pragma once

#include <string_view>

#include "proxy/base/fetch.h"
#include "proxy/policy/rule.h"
#include "proxy/settings/secret.h"
#include "proxy/settings/settings.h"
#include "wasm/protocol.h"

namespace portero {

/// POST {github}/login/oauth/access_token, with the site's pinned redirect_uri (RFC 6749 §4.1.3).
[[nodiscard]] UpstreamRequest make_token_request(const GithubSettings& github, const Site& site,
                                                 const ExchangeRequest& exchange);

/// GET {api}/user.
[[nodiscard]] UpstreamRequest make_user_request(const GithubSettings& github, const Secret& token);

/// GET {api}/user/emails.
[[nodiscard]] UpstreamRequest make_emails_request(const GithubSettings& github,
                                                  const Secret& token);

/// What the token's person, who has that login, is to a rule: their membership in the organization
/// (GET {api}/user/memberships/orgs/{org}) or the team (GET
/// {api}/orgs/{org}/teams/{team}/memberships/{login}), or the repository with what they may do (GET
/// {api}/repos/{owner}/{repo}).
[[nodiscard]] UpstreamRequest make_rule_request(const GithubSettings& github, const Rule& rule,
                                                std::string_view login, const Secret& token);

/// What everybody sees of the rule's organization (GET {api}/orgs/{org}) or, of kPush, its
/// repository: for `portero check`. The site's app names itself, since GitHub answers nobody's app
/// 60 times an hour.
[[nodiscard]] UpstreamRequest make_public_request(const GithubSettings& github, const Site& site,
                                                  const Rule& rule);

/// DELETE {api}/applications/{client_id}/token: revokes the token; the person's grant stays.
[[nodiscard]] UpstreamRequest make_revoke_request(const GithubSettings& github, const Site& site,
                                                  const Secret& token);

/// A token request with an invalid code: how GitHub refuses it proves id and secret without a
/// visitor, for `portero check`.
[[nodiscard]] UpstreamRequest make_probe_request(const GithubSettings& github, const Site& site);

}  // namespace portero
