#include "proxy/site/page_policy.h"

#include <gtest/gtest.h>

namespace portero {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(PagePolicy, AllowsAvatarsFromWhereThisGithubKeepsThem) {
  EXPECT_TRUE(has(make_page_policy("https://github.com"),
                  "img-src 'self' https://avatars.githubusercontent.com;"));
  EXPECT_TRUE(has(make_page_policy("https://github.example"),
                  "img-src 'self' https://github.example https://avatars.github.example;"));
  EXPECT_TRUE(
      has(make_page_policy("http://127.0.0.1:8081"), "img-src 'self' http://127.0.0.1:8081;"));
}

TEST(AvatarOrigins, AreTheServersOwnAndItsSubdomains) {
  using Origins = std::vector<std::string>;
  EXPECT_EQ(avatar_origins("https://github.com"), Origins{"https://avatars.githubusercontent.com"});
  EXPECT_EQ(avatar_origins("https://github.example:8443"),
            (Origins{"https://github.example:8443", "https://avatars.github.example:8443"}));
  EXPECT_EQ(avatar_origins("http://[::1]:9"), Origins{"http://[::1]:9"});
  EXPECT_EQ(avatar_origins(""), Origins{});
}

}  // namespace
}  // namespace portero
