// REST: who belongs to what. A token shows its person's membership in an organisation, whether they
// are in a team, and what they may do with a repository; an app's id and secret alone show what is
// public. Source: docs.github.com REST "orgs/members", "teams/members", "repos/repos"; "About OAuth
// app access restrictions"; "Authenticating to the REST API" (X-GitHub-SSO).
#include <algorithm>
#include <array>

#include "tests/github/descriptions.h"
#include "tests/github/rest.h"

namespace portero::stand_in {

/// What a call sees: whose token, of what app, with what scopes.
struct GitHub::Sight {
  const Person& who;
  const Scopes& scopes;
  bool is_github_app = false;

  /// Any scope does that holds the one wanted.
  [[nodiscard]] bool reads_organizations() const {
    constexpr std::array<const char*, 3> kEnough{"read:org", "write:org", "admin:org"};
    return is_github_app || std::any_of(kEnough.begin(), kEnough.end(),
                                        [&](const char* scope) { return scopes.contains(scope); });
  }
  [[nodiscard]] bool reads_private_repositories() const {
    return is_github_app || scopes.contains("repo");
  }
};

namespace {

constexpr std::string_view kMembershipsPath = "/user/memberships/orgs/";
constexpr std::string_view kOrganizationsPath = "/orgs/";
constexpr std::string_view kRepositoriesPath = "/repos/";

Reply not_found() { return message(404, "Not Found"); }

/// Splits "a/b"; the second is empty where there is no slash.
std::pair<std::string_view, std::string_view> halves(std::string_view path) {
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos) return {path, ""};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

/// 301, as a client that follows it would find the repository by its id.
Reply moved(const Repository& one, const std::string& base) {
  const std::string to = base + "/repositories/" + std::to_string(one.id);
  Reply reply = json_reply(301, {{"message", "Moved Permanently"},
                                 {"url", to},
                                 {"documentation_url", "https://docs.github.com/rest"}});
  reply.headers.emplace_back("Location", to);
  return reply;
}

/// The header's address is good for an hour, and only for this person.
Reply wants_sso(const Organization& organization, const std::string& base) {
  Reply reply = message(403,
                        "Resource protected by organization SAML enforcement. You must grant your "
                        "OAuth token access to this organization.");
  reply.headers.emplace_back("X-GitHub-SSO", "required; url=" + base + "/orgs/" +
                                                 organization.login +
                                                 "/sso?authorization_request=AAAAAAAAAAAAAAAAAAAA");
  return reply;
}

Reply restricts(const Organization& organization) {
  return message(
      403,
      "Although you appear to have the correct authorization credentials, the `" +
          organization.login +
          "` organization has enabled OAuth App access restrictions, meaning that data access to "
          "third-parties is limited. For more information on these restrictions, including how to "
          "enable this app, visit "
          "https://docs.github.com/articles/restricting-access-to-your-organization-s-data/");
}

/// What keeps an app from what an organisation shows to its own; nullopt: nothing. That a GitHub
/// App without an installation gets this answer is not documented for the calls here.
std::optional<Reply> hide(const Organization& organization, bool is_github_app,
                          const std::string& base) {
  if (organization.wants_sso) return wants_sso(organization, base);
  if (!is_github_app && organization.restricts_oauth_apps) return restricts(organization);
  if (!is_github_app) return std::nullopt;
  if (organization.is_suspended) return message(403, "This installation has been suspended");
  if (organization.is_installed) return std::nullopt;
  return message(403, "Resource not accessible by integration");
}

}  // namespace

Reply GitHub::membership_call(std::string_view path, const Person& who, const Token& token) const {
  const StandInClient* app = client(token.client_id);
  const Sight sight{
      .who = who, .scopes = token.scopes, .is_github_app = app != nullptr && app->github_app};
  if (path.starts_with(kMembershipsPath)) {
    return organization_membership(sight, path.substr(kMembershipsPath.size()));
  }
  if (path.starts_with(kRepositoriesPath)) {
    return repository(sight, path.substr(kRepositoriesPath.size()));
  }
  if (path.starts_with(kOrganizationsPath)) {
    return team_membership(sight, path.substr(kOrganizationsPath.size()));
  }
  return not_found();
}

/// OpenAPI's org-membership. Whether a hidden organisation hides from those who are not in it, too,
/// is not documented; here they are told that they are not.
Reply GitHub::organization_membership(const Sight& sight, std::string_view name) const {
  if (!sight.reads_organizations()) {
    return message(403, "You need at least read:org scope to see this membership.");
  }
  const Organization* organization = find_organization(organizations_, name);
  const Membership* membership =
      organization == nullptr ? nullptr : find_membership(organization->members, sight.who.login);
  if (membership == nullptr) return not_found();
  if (auto hidden = hide(*organization, sight.is_github_app, options_.base_url)) return *hidden;
  const std::string url = options_.base_url + "/orgs/" + organization->login;
  Json json{{"url", url + "/memberships/" + std::string(sight.who.login)},
            {"state", membership->is_pending ? "pending" : "active"},
            {"role", membership->role},
            {"organization_url", url},
            {"user", simple_user(sight.who, options_.base_url)},
            {"organization", simple_organization(*organization, options_.base_url)}};
  return json_reply(200, json);
}

/// {org}/teams/{team_slug}/memberships/{username}: OpenAPI's team-membership; {org}: its profile.
Reply GitHub::team_membership(const Sight& sight, std::string_view path) const {
  const auto [org, after_org] = halves(path);
  if (path == org) return profile(org);
  const auto [teams, after_teams] = halves(after_org);
  const auto [slug, after_slug] = halves(after_teams);
  const auto [memberships, login] = halves(after_slug);
  if (teams != "teams" || memberships != "memberships" || login.empty()) return not_found();
  const Organization* organization = find_organization(organizations_, org);
  // Which of 403 and 404 follows without the scope is not documented.
  if (organization == nullptr || !sight.reads_organizations()) return not_found();
  const Membership* caller = find_membership(organization->members, sight.who.login);
  if (caller == nullptr) return not_found();
  if (auto hidden = hide(*organization, sight.is_github_app, options_.base_url)) return *hidden;
  const Team* team = find_team(*organization, slug);
  if (team == nullptr) return not_found();
  // Somebody invited sees only their own invitation.
  const bool is_own = same_without_case(login, sight.who.login);
  const Membership* own = find_in_team(*organization, *team, sight.who.login);
  if (caller->is_pending && !(is_own && own != nullptr)) return not_found();
  if (team->is_secret && own == nullptr && caller->role != "admin") return not_found();
  const Membership* membership = find_in_team(*organization, *team, login);
  if (membership == nullptr) return not_found();
  return json_reply(
      200, {{"state", membership->is_pending ? "pending" : "active"},
            {"role", membership->role},
            {"url", options_.base_url + "/organizations/" + std::to_string(organization->id) +
                        "/team/1/memberships/" + membership->login}});
}

/// {owner}/{repo}: OpenAPI's full-repository, with what the token's person may do.
Reply GitHub::repository(const Sight& sight, std::string_view path) const {
  const auto [owner, name] = halves(path);
  const Organization* organization = find_organization(organizations_, owner);
  const Repository* one = organization == nullptr ? nullptr : find_repository(*organization, name);
  if (one == nullptr) return not_found();
  if (!one->moved_to.empty()) return moved(*one, options_.base_url);
  Json permissions = permissions_of(*organization, *one, sight.who.login);
  if (one->is_private) {
    if (!sight.reads_private_repositories() || permissions["pull"] == false) return not_found();
    if (sight.is_github_app && !organization->is_installed) return not_found();
    if (auto hidden = hide(*organization, sight.is_github_app, options_.base_url)) return *hidden;
  }
  Json json = full_repository(*organization, *one, options_.base_url);
  json["permissions"] = std::move(permissions);
  return json_reply(200, json);
}

Reply GitHub::profile(std::string_view name) const {
  const Organization* organization = find_organization(organizations_, name);
  if (organization == nullptr) return not_found();
  return json_reply(200, full_organization(*organization, options_.base_url));
}

/// What an app sees that names itself, and nobody's token: what is public.
Reply GitHub::public_call(const Call& call, std::string_view path) const {
  const auto basic = read_basic(header_of(call, "Authorization"));
  const StandInClient* caller = basic ? client(basic->user) : nullptr;
  if (caller == nullptr || caller->client_secret != basic->password) {
    return message(401, "Bad credentials");
  }
  if (call.method != "GET" || path.starts_with("/user")) {
    return message(403, "Resource not accessible by integration");
  }
  const bool is_repository = path.starts_with(kRepositoriesPath);
  path.remove_prefix(is_repository ? kRepositoriesPath.size() : kOrganizationsPath.size());
  const auto [owner, name] = halves(path);
  if (!is_repository) return name.empty() ? profile(owner) : not_found();
  const Organization* organization = find_organization(organizations_, owner);
  const Repository* one = organization == nullptr ? nullptr : find_repository(*organization, name);
  if (one == nullptr || one->is_private) return not_found();
  if (!one->moved_to.empty()) return moved(*one, options_.base_url);
  return json_reply(200, full_repository(*organization, *one, options_.base_url));
}

}  // namespace portero::stand_in
