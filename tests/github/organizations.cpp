// See organizations.h.
#include "tests/github/organizations.h"

#include <algorithm>
#include <utility>

#include "tests/github/people.h"
#include "tests/github/wire.h"

namespace portero::stand_in {
namespace {

/// Whoever is active in a team of an organisation is a member of it.
Organization make_acme() {
  return {
      .login = "acme",
      .id = 4000001,
      .members = {{.login = "acme-owner", .role = "admin"},
                  {.login = "acme-billing", .role = "billing_manager"},
                  {.login = "acme-pending", .is_pending = true},
                  {.login = "acme-writer-pending", .is_pending = true},
                  {.login = "acme-member"},
                  {.login = "acme-public-member"},
                  {.login = "acme-writer"},
                  {.login = "acme-poet"},
                  {.login = "acme-haikuist"},
                  {.login = "acme-maintainer"},
                  {.login = "acme-secret-agent"},
                  {.login = "acme-renamed"},
                  {.login = "acme-machine"},
                  {.login = "two-orgs-member"},
                  {.login = "ada-page"},
                  {.login = "a-login-of-thirty-nine-characters-long1"},
                  {.login = "beyond-2-53"}},
      .teams = {{.slug = "writers",
                 .members = {{.login = "acme-writer"},
                             {.login = "acme-maintainer", .role = "maintainer"},
                             {.login = "acme-writer-pending", .is_pending = true},
                             {.login = "acme-renamed"},
                             {.login = "ada-page"}}},
                {.slug = "poets", .parent = "writers", .members = {{.login = "acme-poet"}}},
                {.slug = "haikuists", .parent = "poets", .members = {{.login = "acme-haikuist"}}},
                {.slug = "agents", .is_secret = true, .members = {{.login = "acme-secret-agent"}}}},
      .repositories = {{.name = "site",
                        .id = 5000001,
                        .collaborators = {{"acme-owner", "admin"},
                                          {"acme-maintainer", "maintain"},
                                          {"acme-writer", "push"},
                                          {"acme-renamed", "push"},
                                          {"acme-collaborator", "push"},
                                          {"acme-poet", "triage"},
                                          {"acme-reader", "pull"},
                                          {"ada-page", "push"}}},
                       {.name = "private",
                        .id = 5000002,
                        .is_private = true,
                        .collaborators = {{"acme-owner", "admin"},
                                          {"acme-collaborator", "push"},
                                          {"acme-reader", "pull"}}},
                       {.name = "old-site", .id = 5000001, .moved_to = "site"}}};
}

Organization make_globex() {
  return {.login = "globex",
          .id = 4000002,
          .members = {{.login = "globex-writer"}},
          .teams = {{.slug = "writers", .members = {{.login = "globex-writer"}}}},
          .repositories = {
              {.name = "site", .id = 5000004, .collaborators = {{"globex-writer", "push"}}}}};
}

/// One that GitHub does not let an app see, for a reason each.
Organization make_hidden(std::string login, std::int64_t id, const char* member) {
  return {.login = std::move(login),
          .id = id,
          .members = {{.login = member}, {.login = "two-orgs-member"}},
          .teams = {{.slug = "writers", .members = {{.login = member}}}},
          .repositories = {{.name = "site",
                            .id = id + 1'000'000,
                            .is_private = true,
                            .collaborators = {{member, "push"}}}}};
}

template <typename Entries, typename Name>
auto* find_named(Entries& entries, std::string_view name, Name name_of) {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const auto& entry) {
    return same_without_case(name_of(entry), name);
  });
  return found == entries.end() ? nullptr : &*found;
}

constexpr auto kLogin = [](const auto& entry) -> std::string_view { return entry.login; };
constexpr auto kSlug = [](const auto& entry) -> std::string_view { return entry.slug; };
constexpr auto kName = [](const auto& entry) -> std::string_view { return entry.name; };

void put(std::vector<Membership>& members, std::string_view login, bool is_pending) {
  Membership* known = find_named(members, login, kLogin);
  if (known == nullptr) known = &members.emplace_back(Membership{.login = std::string(login)});
  known->is_pending = is_pending;
}

template <typename Entries>
void drop(Entries& entries, std::string_view login) {
  std::erase_if(entries, [&](const auto& one) { return same_without_case(one.login, login); });
}

void drop_everywhere(Organization& from, std::string_view login) {
  drop(from.members, login);
  for (Team& team : from.teams) drop(team.members, login);
  for (Repository& repository : from.repositories) drop(repository.collaborators, login);
}

}  // namespace

Organizations make_organizations() {
  Organization restricted = make_hidden("restricted", 4000003, "restricted-member");
  restricted.restricts_oauth_apps = true;
  Organization sso = make_hidden("sso", 4000004, "sso-member");
  sso.wants_sso = true;
  Organization uninstalled = make_hidden("uninstalled", 4000005, "acme-member");
  uninstalled.is_installed = false;
  Organization suspended = make_hidden("suspended", 4000006, "acme-member");
  suspended.is_suspended = true;
  Organization large{
      .login = "large-id",
      .id = 9007199254740995,
      .members = {{.login = "acme-member"}},
      .repositories = {
          {.name = "site", .id = 9007199254740997, .collaborators = {{"acme-member", "push"}}}}};
  return {make_acme(),     make_globex(),          std::move(restricted),
          std::move(sso),  std::move(uninstalled), std::move(suspended),
          std::move(large)};
}

const Organization* find_organization(const Organizations& all, std::string_view login) {
  return find_named(all, login, kLogin);
}

const Team* find_team(const Organization& organization, std::string_view slug) {
  return find_named(organization.teams, slug, kSlug);
}

const Repository* find_repository(const Organization& organization, std::string_view name) {
  return find_named(organization.repositories, name, kName);
}

const Membership* find_membership(const std::vector<Membership>& members, std::string_view login) {
  return find_named(members, login, kLogin);
}

const Membership* find_in_team(const Organization& organization, const Team& team,
                               std::string_view login) {
  const Membership* found = find_membership(team.members, login);
  if (found != nullptr && !found->is_pending) return found;
  for (const Team& child : organization.teams) {
    if (child.parent != team.slug) continue;
    const Membership* below = find_in_team(organization, child, login);
    if (below != nullptr && !below->is_pending) return below;
  }
  return found;
}

bool set_membership(Organizations& all, std::string_view organization, std::string_view team,
                    std::string_view login, std::string_view state) {
  Organization* to = find_named(all, organization, kLogin);
  if (to == nullptr || person(login) == nullptr) return false;
  if (state != "active" && state != "pending" && state != "none") return false;
  if (team.empty() && state == "none") {
    drop_everywhere(*to, login);
    return true;
  }
  Team* of = team.empty() ? nullptr : find_named(to->teams, team, kSlug);
  if (of == nullptr && !team.empty()) return false;
  std::vector<Membership>& members = of == nullptr ? to->members : of->members;
  if (state == "none") {
    drop(members, login);
  } else {
    put(members, login, state == "pending");
  }
  return true;
}

}  // namespace portero::stand_in
