#include "proxy/session/cookies.h"

#include <gtest/gtest.h>

#include <vector>

namespace portero {
namespace {

constexpr std::string_view kName = "__Host-Http-portero-abcdefgh";

std::string ours(std::string_view value) { return std::string(kName) + "=" + std::string(value); }

TEST(CookieName, IsMadeFromTheOrigin) {
  // base64url(SHA-256("https://page.example"))
  const std::string name = make_cookie_name("https://page.example", false);
  EXPECT_EQ(name.size(), std::string_view("__Host-Http-portero-").size() + 8);
  EXPECT_TRUE(name.starts_with("__Host-Http-portero-"));
  EXPECT_NE(name, make_cookie_name("https://other.example", false));
  EXPECT_TRUE(make_cookie_name("http://localhost", true).starts_with("portero-dev-"));
}

TEST(FindCookie, FindsOurs) {
  for (const std::string& line : {ours("v.1_-"), "a=b; " + ours("v.1_-"), ours("v.1_-") + ";a=%3B",
                                  " \t" + ours("v.1_-") + "\t", "a;;=;" + ours("v.1_-"),
                                  "x=\"" + std::string("q; ") + ours("v.1_-") + "; y=\""}) {
    const FoundCookie found = find_cookie(line, kName);
    EXPECT_EQ(found.value, "v.1_-") << line;
    EXPECT_FALSE(found.doubled) << line;
  }
}

TEST(FindCookie, FindsNothingInWhatOnlyLooksLikeOurs) {
  std::vector<std::string> lines = {
      "",
      ";",
      std::string(kName),
      ours(""),
      ours("\"v\""),
      ours("a b"),
      ours("a=b"),
      ours("a%2Eb"),
      ours("v,"),
      "\xe2\x80\x80" + ours("v"),
      "\xc2\xa0" + ours("v"),
      "\x0b" + ours("v"),
      "a=%3B" + ours("v"),
      "$Version=1, " + ours("v"),
      "x=\"" + ours("v") + "\"",
      "__host-http-portero-abcdefgh=v",
      std::string(kName) + " =v",
      std::string(kName) + "= v",
      "x" + ours("v"),
      ours(std::string(kSessionMax + 1, 'v')),
      ours(std::string(64 * 1024, 'v')),
      ours(std::string("v\0w", 3)),
  };
  for (const std::string& line : lines) {
    const FoundCookie found = find_cookie(line, kName);
    EXPECT_EQ(found.value, std::nullopt) << line.substr(0, 80);
    EXPECT_FALSE(found.doubled) << line.substr(0, 80);
  }
}

TEST(FindCookie, BelievesNeitherOfTwoCopies) {
  for (const std::string& line : {ours("a") + "; " + ours("b"), ours("a") + ";" + ours("a"),
                                  ours("a") + "; x=y; " + ours("\"b\""), ours("") + ";" + ours("b"),
                                  ours("a") + ";" + ours("b") + ";" + ours("c")}) {
    const FoundCookie found = find_cookie(line, kName);
    EXPECT_EQ(found.value, std::nullopt) << line;
    EXPECT_TRUE(found.doubled) << line;
  }
}

TEST(FindCookie, FindsOursAmongTwoHundred) {
  std::string line;
  for (int i = 0; i < 200; ++i) line += "c" + std::to_string(i) + "=%3B; ";
  EXPECT_EQ(find_cookie(line + ours("v"), kName).value, "v");
  EXPECT_EQ(find_cookie(ours(std::string(kSessionMax, 'v')), kName).value->size(), kSessionMax);
}

TEST(SetCookie, IsForThisHostAndNoScript) {
  Site site;
  site.cookie_name = kName;
  EXPECT_EQ(make_set_cookie(site, "v", std::chrono::hours(1)),
            ours("v; Secure; HttpOnly; Path=/; SameSite=Lax; Max-Age=3600"));
  EXPECT_EQ(make_expired_cookie(site), ours("; Secure; HttpOnly; Path=/; SameSite=Lax; Max-Age=0"));
}

TEST(SetCookie, LacksSecureOnTheDevelopmentNameOnly) {
  Site site;
  site.insecure_cookie = true;
  site.cookie_name = "portero-dev-abcdefgh";
  EXPECT_EQ(make_set_cookie(site, "v", std::chrono::seconds(1)),
            "portero-dev-abcdefgh=v; HttpOnly; Path=/; SameSite=Lax; Max-Age=1");
}

}  // namespace
}  // namespace portero
