#include "proxy/session/session_size.h"

#include <string>

#include "proxy/session/cookies.h"
#include "proxy/session/session.h"

namespace portero {

void validate_session_sizes(const Settings& settings, Findings& findings) {
  for (const Site& site : settings.sites) {
    if (site.rules.empty() || site.rules.size() > kRulesMax) continue;  // too many are told already
    const std::size_t longest = longest_session(site, settings.github.issuer) + kCookieNameMax;
    if (longest <= kSessionMax) continue;
    findings.mistake("policies",
                     "name so much for " + site.origin + " that a session may take " +
                         std::to_string(longest) + " bytes, and browsers keep " +
                         std::to_string(kSessionMax),
                     "name fewer organizations, teams and repositories, or shorter ones");
  }
}

}  // namespace portero
