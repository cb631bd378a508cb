// See descriptions.h.
#include "tests/github/descriptions.h"

#include <algorithm>
#include <array>
#include <utility>

namespace portero::stand_in {
namespace {

/// The members of a repository that are addresses below its own.
Json repository_addresses(const std::string& url) {
  constexpr std::array<std::pair<const char*, const char*>, 37> kBelow{{
      {"archive_url", "/{archive_format}{/ref}"},
      {"assignees_url", "/assignees{/user}"},
      {"blobs_url", "/git/blobs{/sha}"},
      {"branches_url", "/branches{/branch}"},
      {"collaborators_url", "/collaborators{/collaborator}"},
      {"comments_url", "/comments{/number}"},
      {"commits_url", "/commits{/sha}"},
      {"compare_url", "/compare/{base}...{head}"},
      {"contents_url", "/contents/{+path}"},
      {"contributors_url", "/contributors"},
      {"deployments_url", "/deployments"},
      {"downloads_url", "/downloads"},
      {"events_url", "/events"},
      {"forks_url", "/forks"},
      {"git_commits_url", "/git/commits{/sha}"},
      {"git_refs_url", "/git/refs{/sha}"},
      {"git_tags_url", "/git/tags{/sha}"},
      {"hooks_url", "/hooks"},
      {"issue_comment_url", "/issues/comments{/number}"},
      {"issue_events_url", "/issues/events{/number}"},
      {"issues_url", "/issues{/number}"},
      {"keys_url", "/keys{/key_id}"},
      {"labels_url", "/labels{/name}"},
      {"languages_url", "/languages"},
      {"merges_url", "/merges"},
      {"milestones_url", "/milestones{/number}"},
      {"notifications_url", "/notifications{?since,all,participating}"},
      {"pulls_url", "/pulls{/number}"},
      {"releases_url", "/releases{/id}"},
      {"stargazers_url", "/stargazers"},
      {"statuses_url", "/statuses/{sha}"},
      {"subscribers_url", "/subscribers"},
      {"subscription_url", "/subscription"},
      {"tags_url", "/tags"},
      {"teams_url", "/teams"},
      {"trees_url", "/git/trees{/sha}"},
      {"url", ""},
  }};
  Json json;
  for (const auto& [name, below] : kBelow) json[name] = url + below;
  return json;
}

/// OpenAPI's simple-user stands for whoever owns a repository, an organisation too.
Json owner_of(const Organization& organization, const std::string& base) {
  const Person as_user{.id = organization.id, .login = organization.login, .type = "Organization"};
  return simple_user(as_user, base);
}

}  // namespace

Json simple_organization(const Organization& one, const std::string& base) {
  const std::string url = base + "/orgs/" + one.login;
  return {{"login", one.login},
          {"id", one.id},
          {"node_id", "O_" + base64url(std::to_string(one.id))},
          {"url", url},
          {"repos_url", url + "/repos"},
          {"events_url", url + "/events"},
          {"hooks_url", url + "/hooks"},
          {"issues_url", url + "/issues"},
          {"members_url", url + "/members{/member}"},
          {"public_members_url", url + "/public_members{/member}"},
          {"avatar_url", base + "/avatars/583231.svg"},
          {"description", nullptr}};
}

Json full_organization(const Organization& one, const std::string& base) {
  Json json = simple_organization(one, base);
  json["has_organization_projects"] = true;
  json["has_repository_projects"] = true;
  for (const char* count : {"public_repos", "public_gists", "followers", "following"}) {
    json[count] = 0;
  }
  json["html_url"] = base + "/" + one.login;
  json["type"] = "Organization";
  json["created_at"] = "2012-02-02T02:02:02Z";
  json["updated_at"] = "2026-08-03T09:00:00Z";
  json["archived_at"] = nullptr;
  return json;
}

Json full_repository(const Organization& owner, const Repository& one, const std::string& base) {
  const std::string full_name = owner.login + "/" + one.name;
  const std::string html_url = base + "/" + full_name;
  Json json = repository_addresses(base + "/repos/" + full_name);
  json["id"] = one.id;
  json["node_id"] = "R_" + base64url(std::to_string(one.id));
  json["name"] = one.name;
  json["full_name"] = full_name;
  json["owner"] = owner_of(owner, base);
  json["private"] = one.is_private;
  json["visibility"] = one.is_private ? "private" : "public";
  json["html_url"] = html_url;
  json["clone_url"] = html_url + ".git";
  json["svn_url"] = html_url;
  json["git_url"] = "git://127.0.0.1/" + full_name + ".git";
  json["ssh_url"] = "git@127.0.0.1:" + full_name + ".git";
  json["default_branch"] = "main";
  for (const char* absent : {"description", "homepage", "language", "mirror_url", "license"}) {
    json[absent] = nullptr;
  }
  for (const char* no : {"fork", "archived", "disabled", "has_pages", "has_discussions"}) {
    json[no] = false;
  }
  for (const char* yes : {"has_issues", "has_projects", "has_wiki"}) json[yes] = true;
  for (const char* count :
       {"forks", "forks_count", "open_issues", "open_issues_count", "size", "stargazers_count",
        "watchers", "watchers_count", "network_count", "subscribers_count"}) {
    json[count] = 0;
  }
  for (const char* time : {"created_at", "updated_at", "pushed_at"}) {
    json[time] = "2026-08-03T09:00:00Z";
  }
  return json;
}

Json permissions_of(const Organization& owner, const Repository& one, std::string_view login) {
  constexpr std::array<std::string_view, 5> kLevels{"pull", "triage", "push", "maintain", "admin"};
  std::size_t held = one.is_private ? 0 : 1;
  for (const Collaborator& collaborator : one.collaborators) {
    if (!same_without_case(collaborator.login, login)) continue;
    const auto* const level = std::find(kLevels.begin(), kLevels.end(), collaborator.level);
    held = static_cast<std::size_t>(level - kLevels.begin()) + 1;
  }
  const Membership* member = find_membership(owner.members, login);
  if (member != nullptr && member->role == "admin" && !member->is_pending) held = kLevels.size();
  Json json;
  for (std::size_t i = 0; i < kLevels.size(); ++i) json[std::string(kLevels.at(i))] = i < held;
  return json;
}

}  // namespace portero::stand_in
