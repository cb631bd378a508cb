#include "proxy/settings/github_app.h"

#include <set>
#include <string>

namespace portero {

bool is_github_app(std::string_view client_id) { return client_id.starts_with("Iv"); }

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
