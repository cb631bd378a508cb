#include "proxy/settings/github_app.h"

#include <gtest/gtest.h>

namespace portero {
namespace {

TEST(GithubApp, IsKnownByItsClientId) {
  for (const char* app : {"Iv1.0123456789abcdef", "Iv23liAbCdEfGhIjKlMn", "Iv9.x"})
    EXPECT_TRUE(is_github_app(app)) << app;
  for (const char* other : {"", "I", "Ov23liAbCdEfGhIjKlMn", "0123456789abcdef0123",
                            "iv1.0123456789abcdef", "xIv1.0", "IV1.0"}) {
    EXPECT_FALSE(is_github_app(other)) << other;
  }
}

Site make_site(std::string origin, std::string client_id, std::string scope) {
  Site site;
  site.origin = std::move(origin);
  site.client_id = std::move(client_id);
  site.scope = std::move(scope);
  return site;
}

TEST(OauthApp, AsksForReadOrgWhereItsRulesNeedIt) {
  const Rule organization{RuleKind::kOrganization, "acme"};
  const Rule team{RuleKind::kTeam, "acme/writers"};
  const Rule push{RuleKind::kPush, "acme/site"};
  struct Case {
    const char* client_id;
    const char* scope;
    std::vector<Rule> rules;
    const char* asked;
  };
  const Case cases[] = {
      {"Ov23li", "", {}, ""},
      {"Ov23li", "user:email", {}, "user:email"},
      {"Ov23li", "", {organization}, "read:org"},
      {"Ov23li", "", {team}, "read:org"},
      {"Ov23li", "user:email", {push, team}, "user:email read:org"},
      {"Ov23li", "", {push}, ""},
      {"Ov23li", "repo", {push, organization}, "repo read:org"},
      {"Ov23li", "user read:org", {team}, "user read:org"},
      {"Ov23li", "write:org", {team}, "write:org"},
      {"Ov23li", "admin:org", {organization}, "admin:org"},
      {"Ov23li", "admin:org_hook", {organization}, "admin:org_hook read:org"},
      {"Iv1.a", "", {organization, team}, ""},  // it has permissions instead
  };
  for (const Case& one : cases) {
    std::vector<Site> sites = {make_site("https://a.example", one.client_id, one.scope),
                               make_site("https://b.example", one.client_id, "")};
    sites.front().rules = one.rules;
    add_rule_scopes(sites);
    EXPECT_EQ(sites.front().scope, one.asked) << one.client_id << " " << one.scope;
    EXPECT_EQ(sites.back().scope, "") << "another page asks for no more";
  }
}

TEST(GithubApp, WithAScopeIsWarnedOfOnce) {
  Findings findings;
  warn_of_scopes({make_site("https://a.example", "Iv1.a", "user:email"),
                  make_site("https://b.example", "Iv1.a", "repo"),
                  make_site("https://c.example", "Ov23li", "repo"),
                  make_site("https://d.example", "Iv1.d", ""),
                  make_site("https://e.example", "Iv23lie", "read:org")},
                 findings);
  EXPECT_TRUE(findings.mistakes.empty());
  ASSERT_EQ(findings.warnings.size(), 2U);
  for (const auto& [i, id] : {std::pair<std::size_t, const char*>{0, "Iv1.a"}, {1, "Iv23lie"}}) {
    const std::string text = findings.warnings[i].text();
    EXPECT_TRUE(text.starts_with("scope: is ignored by GitHub")) << text;
    EXPECT_NE(text.find(std::string(id) + " is a GitHub App"), std::string::npos) << text;
    EXPECT_NE(text.find("; leave it out"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace portero
