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
