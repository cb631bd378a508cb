#include "proxy/settings/github_app.h"

#include <algorithm>
#include <set>
#include <string>

#include "proxy/base/text.h"

namespace portero {

bool is_github_app(std::string_view client_id) { return client_id.starts_with("Iv"); }

bool reads_organizations(std::string_view scope) {
  const std::vector<std::string_view> scopes = split(scope, ' ');
  return std::any_of(scopes.begin(), scopes.end(), [](std::string_view one) {
    return one == "read:org" || one == "write:org" || one == "admin:org";
  });
}

void add_rule_scopes(std::vector<Site>& sites) {
  for (Site& site : sites) {
    const bool needs = std::any_of(site.rules.begin(), site.rules.end(),
                                   [](const Rule& rule) { return rule.kind != RuleKind::kPush; });
    if (!needs || is_github_app(site.client_id) || reads_organizations(site.scope)) continue;
    site.scope += site.scope.empty() ? "read:org" : " read:org";
  }
}

void warn_of_scopes(const std::vector<Site>& sites, Findings& findings) {
  std::set<std::string> told;
  for (const Site& site : sites) {
    if (site.scope.empty() || !is_github_app(site.client_id)) continue;
    if (!told.insert(site.client_id).second) continue;
    findings.warning("scope",
                     "is ignored by GitHub, because client_id " + site.client_id +
                         " is a GitHub App, which has permissions instead",
                     "leave it out; or keep `user:email` alone to be told e-mail addresses, and "
                     "give the app the account permission \"Email addresses: read-only\"");
  }
}

}  // namespace portero
