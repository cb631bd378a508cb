#include "proxy/check/memberships.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/base/text.h"
#include "proxy/check/upstream.h"
#include "proxy/github/requests.h"
#include "proxy/settings/github_app.h"

namespace portero {
namespace {

constexpr int kShown = 200;
constexpr int kAbsent = 404;

bool names_members(const std::vector<Rule>& rules) {
  return std::any_of(rules.begin(), rules.end(),
                     [](const Rule& rule) { return rule.kind != RuleKind::kPush; });
}

bool names_repositories(const std::vector<Rule>& rules) {
  return std::any_of(rules.begin(), rules.end(),
                     [](const Rule& rule) { return rule.kind == RuleKind::kPush; });
}

bool asks_for_repo(const Site& site) {
  const std::vector<std::string_view> scopes = split(site.scope, ' ');
  return std::find(scopes.begin(), scopes.end(), "repo") != scopes.end();
}

std::string_view owner_of(const Rule& rule) {
  return std::string_view(rule.name).substr(0, rule.name.find('/'));
}

/// Of a GitHub App: what its owner gives it, and where.
std::string describe_permissions(const std::vector<Rule>& rules) {
  std::string owners;
  std::set<std::string> told;
  for (const Rule& rule : rules) {
    const std::string owner(owner_of(rule));
    if (told.insert(lower(owner)).second) owners += (owners.empty() ? "" : ", ") + owner;
  }
  std::string needs;
  if (names_members(rules)) needs = "the organization permission \"Members: read-only\" and ";
  return "needs of its GitHub App " + needs + "an installation in " + owners;
}

/// Of an OAuth app: what the visitor grants.
std::string describe_scopes(const Site& site, const std::vector<Rule>& rules) {
  std::string needs;
  if (names_members(rules)) needs = "the scope read:org, which sign-ins at this page ask for";
  if (!names_repositories(rules)) return "needs " + needs;
  if (!needs.empty()) needs += "; ";
  return "needs " + needs +
         (asks_for_repo(site) ? "the scope repo for private repositories, which they ask for"
                              : "no scope for public repositories");
}

void report_organization(const Settings& settings, const Site& site, const std::string& owner,
                         int status, Report& report) {
  if (status == kAbsent) {
    return report.warn("organization " + owner +
                       ": GitHub knows none of that name; correct it in `policies`, or nobody "
                       "passes by it");
  }
  if (status != kShown) {
    return report.warn("organization " + owner + ": GitHub answers " + std::to_string(status) +
                       " instead of showing it; sign in once and look for rule_failed in the log");
  }
  if (is_github_app(site.client_id)) {
    return report.ok("organization " + owner +
                     ": is there; whether the app is installed in it shows at a sign-in");
  }
  report.ok("organization " + owner +
            ": is there; if it restricts OAuth apps, an owner has to approve this one at " +
            settings.github.url + "/organizations/" + owner + "/settings/oauth_application_policy");
}

void report_repository(const Site& site, const Rule& rule, int status, Report& report) {
  const std::string what = "repository " + rule.name;
  if (status == kShown) return report.ok(what + ": is there, and public");
  if (status >= 300 && status < 400) {
    return report.warn(what + ": has another name at GitHub by now, and sign-ins at " +
                       site.origin + " fail; write that one in `policies`");
  }
  if (status != kAbsent) {
    return report.warn(what + ": GitHub answers " + std::to_string(status) +
                       " instead of showing it; sign in once and look for rule_failed in the log");
  }
  if (asks_for_repo(site) || is_github_app(site.client_id)) {
    return report.ok(what + ": is private, or not there; which of the two shows at a sign-in");
  }
  report.warn(what +
              ": is private, or not there; for a private one write \"repo\" into the scope of " +
              site.origin +
              ", which lets this proxy read and write all of a visitor's repositories until the "
              "token is revoked, or use a GitHub App");
}

/// Once for all teams of an organization.
std::string key_of(const Rule& rule) {
  return lower(rule.kind == RuleKind::kPush ? rule.name : std::string(owner_of(rule)));
}

/// False: GitHub does not answer, nor will it for the next.
bool check_name_of(const CheckInput& input, const Site& site, const Rule& rule, Report& report) {
  const Settings& settings = input.read.settings;
  const Result<UpstreamReply> reply =
      input.begin_github()(make_public_request(settings.github, site, rule));
  if (!reply) {
    report.fail(make_silence(settings.github.api_url, reply.error()));
    return false;
  }
  if (rule.kind == RuleKind::kPush) {
    report_repository(site, rule, reply->status, report);
  } else {
    report_organization(settings, site, std::string(owner_of(rule)), reply->status, report);
  }
  return true;
}

}  // namespace

void check_needs(const CheckInput& input, Report& report) {
  const Settings& settings = input.read.settings;
  for (const Policy& policy : settings.policies) {
    if (policy.rules.empty()) continue;
    const Site& site = settings.sites.at(policy.site);
    report.ok("policy " + policy.name + " for " + policy.origin + ": " +
              (is_github_app(site.client_id) ? describe_permissions(policy.rules)
                                             : describe_scopes(site, policy.rules)));
  }
}

void check_names(const CheckInput& input, Report& report) {
  for (const Site& site : input.read.settings.sites) {
    std::set<std::string> asked;
    for (const Rule& rule : site.rules) {
      if (!asked.insert(key_of(rule)).second) continue;
      if (!check_name_of(input, site, rule, report)) return;
    }
  }
}

}  // namespace portero
