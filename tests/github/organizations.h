// The organisations at the stand-in, with their members, teams and repositories: what policies ask
// of GitHub. Data, which a test may change while it runs. How GitHub answers: memberships.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace portero::stand_in {

/// Somebody in an organisation or a team. A role is "admin", "member" or "billing_manager" in the
/// one, "maintainer" or "member" in the other.
struct Membership {
  std::string login;
  bool is_pending = false;  // invited, and has not accepted
  std::string role = "member";
};

struct Team {
  std::string slug;
  std::string parent = {};  // its slug; empty: none
  bool is_secret = false;   // only its members and the owners see it
  std::vector<Membership> members = {};
};

/// Somebody a repository names. `level` is "admin", "maintain", "push", "triage" or "pull".
struct Collaborator {
  std::string login;
  std::string level;
};

struct Repository {
  std::string name;
  std::int64_t id = 0;
  bool is_private = false;
  std::string moved_to = {};  // the name it has now; not empty: this one leads there
  std::vector<Collaborator> collaborators = {};
};

struct Organization {
  std::string login;
  std::int64_t id = 0;
  bool restricts_oauth_apps = false;  // and has approved none
  bool wants_sso = false;             // and nobody has a SAML session
  // Of GitHub Apps: whether one is installed, and whether that was suspended.
  bool is_installed = true;
  bool is_suspended = false;
  std::vector<Membership> members = {};
  std::vector<Team> teams = {};
  std::vector<Repository> repositories = {};
};

using Organizations = std::vector<Organization>;

/// Who is what when the stand-in starts.
[[nodiscard]] Organizations make_organizations();

/// The entry of that name, without regard to case; nullptr: there is none.
[[nodiscard]] const Organization* find_organization(const Organizations& all,
                                                    std::string_view login);
[[nodiscard]] const Team* find_team(const Organization& organization, std::string_view slug);
[[nodiscard]] const Repository* find_repository(const Organization& organization,
                                                std::string_view name);
[[nodiscard]] const Membership* find_membership(const std::vector<Membership>& members,
                                                std::string_view login);

/// What somebody is to a team: in it, else in a team below it, of whatever depth. Active before
/// pending. nullptr: nothing.
[[nodiscard]] const Membership* find_in_team(const Organization& organization, const Team& team,
                                             std::string_view login);

/// Makes somebody an active or a pending member of the organisation or, with `team`, of the team;
/// with neither state, no member: then of none of its teams and repositories either, as GitHub has
/// it. False: there is no such organisation, team or state.
bool set_membership(Organizations& all, std::string_view organization, std::string_view team,
                    std::string_view login, std::string_view state);

}  // namespace portero::stand_in
