// A page's policy against where GitHub keeps avatars, as `portero check` judges it.
#include "proxy/check/pages.h"

#include <gtest/gtest.h>

#include <sstream>

namespace portero {
namespace {

constexpr const char* kPage = "https://page.example/";

/// The lines about a page with that img-src, whose proxy signs in at that GitHub.
std::string check_images(const std::string& github, const std::string& img_src) {
  ReadSettings read;
  read.settings.github.url = github;
  Site site;
  site.origin = "https://page.example";
  site.redirect_uri = kPage;
  CheckInput input{read, "", 0};
  input.begin_public = [&] {
    return [&](const UpstreamRequest&) -> Result<UpstreamReply> {
      return UpstreamReply{.status = 200,
                           .headers = {{"Content-Security-Policy", "img-src 'self' " + img_src}},
                           .body = ""};
    };
  };
  std::ostringstream said;
  Report report{said};
  check_page(input, site, report);
  return said.str();
}

TEST(CheckPage, TakesAvatarsFromEitherPlaceOfAnEnterpriseServer) {
  const std::string at = std::string(kPage) + ": its Content-Security-Policy ";
  const std::string good =
      std::string("ok   ") + kPage + " is there, and its policy lets it work\n";
  for (const char* github : {"https://github.example", "https://git.other.example:8443"}) {
    const std::string host = github + std::string("https://").size();
    const std::string own = github;
    const std::string isolated = "https://avatars." + host;
    EXPECT_EQ(check_images(github, own + " " + isolated), good);
    EXPECT_EQ(check_images(github, "https://*." + host + " " + own), good);
    const std::string warning = "warn " + at +
                                "blocks avatars if GitHub keeps them elsewhere on this server; " +
                                "add to img-src: ";
    EXPECT_EQ(check_images(github, own), warning + isolated + "\n" + good);
    EXPECT_EQ(check_images(github, isolated), warning + own + "\n" + good);
    EXPECT_EQ(check_images(github, ""), "FAIL " + at +
                                            "blocks the visitor's avatar; add to "
                                            "img-src: " +
                                            own + " " + isolated + "\n");
  }
}

TEST(CheckPage, KnowsWhereGithubItselfKeepsAvatars) {
  const std::string avatars = "https://avatars.githubusercontent.com";
  EXPECT_TRUE(check_images("https://github.com", avatars).starts_with("ok "));
  const std::string said = check_images("https://github.com", "https://github.com");
  EXPECT_TRUE(said.starts_with("FAIL ")) << said;
  EXPECT_TRUE(said.ends_with("add to img-src: " + avatars + "\n")) << said;
}

}  // namespace
}  // namespace portero
