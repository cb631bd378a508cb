// What a sign-in asks GitHub for the policies of its origin: each rule once, with the visitor's
// token. Several at once, within the sign-in's time.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "proxy/app/page_call.h"
#include "proxy/base/route.h"
#include "proxy/policy/groups.h"
#include "proxy/settings/secret.h"

namespace portero {

/// Calls of one sign-in that GitHub has at once. It slows down who makes very many; and over
/// HTTP/1.1 each has a connection.
inline constexpr std::size_t kRulesAtOnce = 8;

/// Why not all rules were answered.
struct LookUpFailure {
  Error error = Error::kInternal;
  int retry_after = 0;  // seconds, with kUpstreamRateLimited; else 0
};

using LookedUp = std::function<void(Result<Groups, LookUpFailure>)>;

/// GitHub's answer to every rule of the call's site, about the person whose token that is. At once,
/// if the site has none. A rule that GitHub hides is logged; any failure ends it, with the first in
/// the order of the rules, and is logged with the rule. REQUIRES: the call has a site.
void look_up(const SharedCall& call, const Secret& token, std::string_view login, LookedUp then);

}  // namespace portero
