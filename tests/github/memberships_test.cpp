#include <gtest/gtest.h>

#include "tests/github/test_github.h"

namespace portero::stand_in {
namespace {

constexpr std::string_view kWide = "read:org repo";

/// What the person sees, with a token of these scopes.
Reply look(GitHub& github, std::string_view login, const std::string& path,
           std::string_view scope = kWide) {
  return get_api(github, path, new_token(github, scope, login));
}

std::string member_of(const Reply& reply, std::string_view name) {
  return value_of(read_json_fields(reply.body).value_or(Fields()), name);
}

/// The state that GitHub tells, or the status of its refusal.
std::string state_of(const Reply& reply) {
  return reply.status == 200 ? member_of(reply, "state") : std::to_string(reply.status);
}

std::string own_membership(std::string_view org) {
  return "/user/memberships/orgs/" + std::string(org);
}

std::string in_team(std::string_view team, std::string_view login) {
  const std::size_t slash = team.find('/');
  return "/orgs/" + std::string(team.substr(0, slash)) + "/teams" +
         std::string(team.substr(slash)) + "/memberships/" + std::string(login);
}

bool may_push(const Reply& reply) { return reply.body.find(R"("push":true)") != std::string::npos; }

TEST(OrganizationMembership, IsToldToItsPerson) {
  struct Case {
    const char* login;
    const char* org;
    const char* state;
  };
  const Case cases[] = {
      {"acme-member", "acme", "active"},        {"acme-member", "ACME", "active"},
      {"acme-public-member", "acme", "active"}, {"acme-owner", "acme", "active"},
      {"acme-billing", "acme", "active"},       {"acme-pending", "acme", "pending"},
      {"acme-removed", "acme", "404"},          {"stranger", "acme", "404"},
      {"acme-collaborator", "acme", "404"},     {"acme-member", "nowhere", "404"},
      {"acme-renamed", "acme", "active"},       {"acme-renamed-away", "acme", "404"},
      {"acme-member", "large-id", "active"},    {"restricted-member", "restricted", "403"},
      {"stranger", "restricted", "404"},        {"sso-member", "sso", "403"},
  };
  const auto github = make_github();
  for (const Case& one : cases) {
    EXPECT_EQ(state_of(look(*github, one.login, own_membership(one.org))), one.state)
        << one.login << " of " << one.org;
  }
  EXPECT_EQ(member_of(look(*github, "acme-billing", own_membership("acme")), "role"),
            "billing_manager");
}

TEST(OrganizationMembership, NeedsItsScope) {
  const auto github = make_github();
  for (const char* enough : {"read:org", "write:org", "admin:org"}) {
    EXPECT_EQ(look(*github, "acme-member", own_membership("acme"), enough).status, 200) << enough;
  }
  for (const char* other : {"", "user", "repo"}) {
    const auto anew = make_github();
    EXPECT_EQ(look(*anew, "acme-member", own_membership("acme"), other).status, 403) << other;
  }
}

TEST(OrganizationMembership, EndsWhenSomebodyIsRemoved) {
  const auto github = make_github();
  const auto team = [&] {
    return state_of(look(*github, "acme-writer", in_team("acme/writers", "acme-writer")));
  };
  EXPECT_EQ(team(), "active");
  EXPECT_TRUE(github->set_membership("acme", "", "acme-writer", "none"));
  EXPECT_EQ(state_of(look(*github, "acme-writer", own_membership("acme"))), "404");
  EXPECT_EQ(team(), "404");
  EXPECT_FALSE(may_push(look(*github, "acme-writer", "/repos/acme/site")));
  EXPECT_TRUE(github->set_membership("acme", "", "acme-writer", "pending"));
  EXPECT_EQ(state_of(look(*github, "acme-writer", own_membership("acme"))), "pending");
  EXPECT_TRUE(github->set_membership("acme", "writers", "acme-writer", "active"));
  EXPECT_EQ(team(), "active");
  EXPECT_FALSE(github->set_membership("acme", "nobody", "acme-writer", "active"));
  EXPECT_FALSE(github->set_membership("acme", "", "acme-writer", "perhaps"));
}

TEST(HiddenOrganization, SaysWhyAsGitHubDoes) {
  const auto github = make_github();
  for (const std::string& path :
       {own_membership("restricted"), in_team("restricted/writers", "restricted-member"),
        std::string("/repos/restricted/site")}) {
    const Reply reply = look(*github, "restricted-member", path);
    EXPECT_EQ(reply.status, 403) << path;
    EXPECT_TRUE(member_of(reply, "message")
                    .starts_with("Although you appear to have the correct authorization "
                                 "credentials, the `restricted` organization has enabled OAuth App "
                                 "access restrictions"))
        << path;
    EXPECT_EQ(header_in(reply, "X-GitHub-SSO"), "") << path;
  }
  for (const std::string& path : {own_membership("sso"), in_team("sso/writers", "sso-member"),
                                  std::string("/repos/sso/site")}) {
    const Reply reply = look(*github, "sso-member", path);
    EXPECT_EQ(reply.status, 403) << path;
    EXPECT_TRUE(header_in(reply, "X-GitHub-SSO").starts_with("required; url=")) << path;
  }
}

TEST(GitHubApp, SeesWhereItIsInstalled) {
  StandInOptions options = test_options();
  options.client_id.clear();
  options.clients.push_back({.client_id = std::string(kPairId),
                             .client_secret = std::string(kPairSecret),
                             .redirect_uris = {std::string(kCallback)},
                             .github_app = true});
  const auto github = make_github(options);
  EXPECT_EQ(state_of(look(*github, "acme-member", own_membership("acme"))), "active");
  EXPECT_EQ(state_of(look(*github, "restricted-member", own_membership("restricted"))), "active");
  const Reply absent = look(*github, "acme-member", own_membership("uninstalled"));
  EXPECT_EQ(absent.status, 403);
  EXPECT_EQ(member_of(absent, "message"), "Resource not accessible by integration");
  const Reply suspended = look(*github, "acme-member", own_membership("suspended"));
  EXPECT_EQ(suspended.status, 403);
  EXPECT_EQ(member_of(suspended, "message"), "This installation has been suspended");
  EXPECT_EQ(state_of(look(*github, "sso-member", own_membership("sso"))), "403");
}

TEST(TeamMembership, CountsTeamsBelow) {
  struct Case {
    const char* login;
    const char* team;
    const char* state;
  };
  const Case cases[] = {
      {"acme-writer", "acme/writers", "active"},
      {"acme-maintainer", "acme/writers", "active"},
      {"acme-poet", "acme/writers", "active"},      // a child's
      {"acme-haikuist", "acme/writers", "active"},  // a grandchild's
      {"acme-haikuist", "acme/poets", "active"},
      {"acme-writer", "acme/poets", "404"},  // not the other way round
      {"acme-writer", "ACME/Writers", "active"},
      {"acme-writer-pending", "acme/writers", "pending"},
      {"acme-member", "acme/writers", "404"},
      {"acme-owner", "acme/writers", "404"},
      {"globex-writer", "acme/writers", "404"},
      {"globex-writer", "globex/writers", "active"},
      {"acme-secret-agent", "acme/agents", "active"},
      {"acme-member", "acme/agents", "404"},
      {"acme-member", "acme/nobody", "404"},
      {"stranger", "acme/writers", "404"},
      {"acme-renamed", "acme/writers", "active"},
      {"acme-renamed-away", "acme/writers", "404"},
  };
  const auto github = make_github();
  for (const Case& one : cases) {
    EXPECT_EQ(state_of(look(*github, one.login, in_team(one.team, one.login))), one.state)
        << one.login << " in " << one.team;
  }
}

TEST(Repository, SaysWhatItsPersonMayDo) {
  struct Case {
    const char* login;
    const char* path;
    const char* scope;
    int status;
    bool pushes;
  };
  const Case cases[] = {
      {"acme-owner", "/repos/acme/site", "", 200, true},
      {"acme-maintainer", "/repos/acme/site", "", 200, true},
      {"acme-writer", "/repos/acme/site", "", 200, true},
      {"acme-collaborator", "/repos/ACME/Site", "", 200, true},
      {"acme-poet", "/repos/acme/site", "", 200, false},  // triage
      {"acme-reader", "/repos/acme/site", "", 200, false},
      {"stranger", "/repos/acme/site", "", 200, false},
      {"acme-collaborator", "/repos/acme/private", "", 404, false},
      {"acme-collaborator", "/repos/acme/private", "repo", 200, true},
      {"acme-owner", "/repos/acme/private", "repo", 200, true},
      {"acme-reader", "/repos/acme/private", "repo", 200, false},
      {"stranger", "/repos/acme/private", "repo", 404, false},
      {"acme-writer", "/repos/acme/old-site", "", 301, false},
      {"acme-writer", "/repos/acme/nothing", "", 404, false},
      {"restricted-member", "/repos/restricted/site", "", 404, false},
  };
  for (const Case& one : cases) {
    const auto github = make_github();
    const Reply reply = look(*github, one.login, one.path, one.scope);
    EXPECT_EQ(reply.status, one.status) << one.login << " " << one.path;
    EXPECT_EQ(may_push(reply), one.pushes) << one.login << " " << one.path;
  }
}

TEST(App, SeesWhatIsPublic) {
  const auto github = make_github();
  const auto look_as_app = [&](const char* path, const char* basic) {
    const Call call{.method = "GET",
                    .path = path,
                    .headers = {{"User-Agent", "test"}, {"Authorization", basic}}};
    return github->answer(call).status;
  };
  const char* const good = "Basic c3RhbmQtaW4tY2xpZW50OnN0YW5kLWluLXNlY3JldA==";
  EXPECT_EQ(look_as_app("/orgs/acme", good), 200);
  EXPECT_EQ(look_as_app("/orgs/nowhere", good), 404);
  EXPECT_EQ(look_as_app("/repos/acme/site", good), 200);
  EXPECT_EQ(look_as_app("/repos/acme/private", good), 404);
  EXPECT_EQ(look_as_app("/orgs/acme", "Basic eDp5"), 401);
  EXPECT_EQ(look_as_app("/user/memberships/orgs/acme", good), 403);
}

TEST(App, ThatGuessesPathsIsToldNothing) {
  const auto github = make_github();
  for (const char* path :
       {"/user/memberships/orgs/", "/user/nothing", "/orgs/nowhere", "/orgs/acme/teams/writers",
        "/orgs/acme/teams/writers/memberships/", "/orgs/acme/members/writers/memberships/ada-page",
        "/repos/acme", "/repos/acme/site/collaborators"}) {
    EXPECT_EQ(look(*github, "acme-owner", path).status, 404) << path;
  }
}

}  // namespace
}  // namespace portero::stand_in
