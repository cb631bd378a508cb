// How GitHub answers a rule (requests.h: make_rule_request()); no I/O. What it does not say is
// never taken for no: it is hidden if GitHub marks it as a policy of the organization, else an
// error.
#pragma once

#include <optional>
#include <string_view>

#include "proxy/base/fetch.h"
#include "proxy/policy/groups.h"
#include "wasm/result.h"

namespace portero {

/// Why an organization shows an app nothing of itself. Source: docs.github.com "About OAuth app
/// access restrictions"; "Authenticating to the REST API", on SAML single sign-on.
enum class Hiding {
  kRestricted,    // none of its owners has approved the app
  kSingleSignOn,  // the person has to pass its single sign-on first
};

/// "restricted", "single_sign_on".
[[nodiscard]] std::string_view name(Hiding hiding);

/// The mark in a reply: of 403s alone, and not of one that asks to wait. nullopt: it has none.
[[nodiscard]] std::optional<Hiding> find_hiding(const UpstreamReply& reply);

/// kNo after 404, for an invitation that was not accepted, for a billing manager (whom GitHub
/// counts in no organization), and without permission to push. kHidden with a find_hiding().
/// Errors: kUpstreamRateLimited, kUpstreamRefused, kUpstreamInvalid.
[[nodiscard]] Result<Holds> read_rule_reply(RuleKind kind, const UpstreamReply& reply);

}  // namespace portero
