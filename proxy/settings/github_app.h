// GitHub has two kinds of app. An OAuth app asks the visitor for scopes. A GitHub App has the
// permissions that its owner chose at GitHub: it may send a scope, but GitHub ignores it, and names
// none with its tokens. Source: docs.github.com "Differences between GitHub Apps and OAuth apps".
#pragma once

#include <string_view>
#include <vector>

#include "proxy/base/problem.h"
#include "proxy/settings/settings.h"

namespace portero {

/// Whether an app is a GitHub App, by its client id: "Iv1.…" or "Iv23…".
[[nodiscard]] bool is_github_app(std::string_view client_id);

/// Whether a scope (separated by spaces) shows memberships in organizations and teams.
[[nodiscard]] bool reads_organizations(std::string_view scope);

/// Adds `read:org` to the scope of each OAuth app's site whose rules need it: those that name
/// organizations or teams.
void add_rule_scopes(std::vector<Site>& sites);

/// Adds a warning for each GitHub App with a scope.
void warn_of_scopes(const std::vector<Site>& sites, Findings& findings);

}  // namespace portero
