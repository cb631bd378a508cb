#include <gtest/gtest.h>

#include "tests/github/test_github.h"

namespace portero::stand_in {
namespace {

Fields asked(const Fields& more = {}) {
  Fields query{{"client_id", std::string(kPairId)}, {"state", "s&=?"}};
  query.insert(query.end(), more.begin(), more.end());
  return query;
}

TEST(Authorize, ShowsAPageThatSaysItIsNotGitHub) {
  const auto github = make_github();
  const Reply page = get_authorize(*github, asked());
  EXPECT_EQ(page.status, 200);
  EXPECT_NE(page.body.find("This is not GitHub."), std::string::npos);
  EXPECT_NE(page.body.find(">Authorize A page of yours</button>"), std::string::npos);
  EXPECT_EQ(page.body.find("<script"), std::string::npos);
}

TEST(Authorize, LetsTheFormLeadToTheCallbackAndNowhereElse) {
  const auto github = make_github();
  const std::string policy = header_in(get_authorize(*github, asked()), "Content-Security-Policy");
  EXPECT_NE(policy.find("default-src 'none'"), std::string::npos);
  EXPECT_TRUE(policy.ends_with("form-action 'self' https://page.example")) << policy;
}

TEST(Authorize, EscapesEveryName) {
  StandInOptions options = test_options();
  options.clients.push_back(
      {.client_id = "x", .redirect_uris = {"https://x.example/"}, .name = "<b>\"'&"});
  const auto github = make_github(options);
  const Reply page = get_authorize(*github, {{"client_id", "x"}});
  EXPECT_EQ(page.body.find("<img src=x"), std::string::npos);
  EXPECT_EQ(page.body.find("<b>"), std::string::npos);
  EXPECT_NE(page.body.find("&lt;b&gt;&quot;&#39;&amp;"), std::string::npos);
}

TEST(Authorize, AnswersAnUnknownClientWithAPageThatIsNotFound) {
  const auto github = make_github();
  EXPECT_EQ(get_authorize(*github, {{"client_id", "nobody"}}).status, 404);
  EXPECT_EQ(get_authorize(*github, {}).status, 404);
}

TEST(Authorize, TakesRegisteredAddressesExactlyAndAnyPortOnLoopback) {
  struct Case {
    const char* redirect_uri;
    bool passes;
  };
  for (const Case& one :
       {Case{"https://page.example/callback", true}, Case{"https://page.example/callback/", false},
        Case{"https://page.example/callback?x=1", false}, Case{"https://page.example/", false},
        Case{"https://page.example:8443/callback", false},
        Case{"https://a.page.example/callback", false}, Case{"http://page.example/callback", false},
        Case{"http://127.0.0.1/callback", true}, Case{"http://127.0.0.1:8080/callback", true},
        Case{"http://127.0.0.1:8080/other", false}, Case{"http://127.0.0.1:/callback", false},
        Case{"http://127.0.0.1:8080@evil.example/callback", false},
        Case{"http://127.0.0.1.evil.example/callback", false},
        Case{"http://localhost:8080/callback", false}}) {
    const auto github = make_github();
    const Reply reply = get_authorize(*github, asked({{"redirect_uri", one.redirect_uri}}));
    EXPECT_EQ(reply.status, one.passes ? 200 : 302) << one.redirect_uri;
    if (one.passes) continue;
    EXPECT_TRUE(header_in(reply, "Location").starts_with("https://page.example/callback?"));
    EXPECT_EQ(value_of(parameters_back(reply), "error"), "redirect_uri_mismatch");
    EXPECT_EQ(value_of(parameters_back(reply), "state"), "s&=?");
  }
}

TEST(Authorize, TakesAChallengeOnlyAsS256OfFortyThreeCharacters) {
  struct Case {
    std::string challenge;
    const char* method;
    int status;
  };
  const std::string good(kChallenge);
  for (const Case& one :
       {Case{good, "S256", 200}, Case{good, "plain", 302}, Case{good, "", 302},
        Case{"", "S256", 302}, Case{good + "A", "S256", 302}, Case{good.substr(1), "S256", 302},
        Case{good.substr(1) + "=", "S256", 302}}) {
    const auto github = make_github();
    const Reply reply = get_authorize(
        *github, asked({{"code_challenge", one.challenge}, {"code_challenge_method", one.method}}));
    EXPECT_EQ(reply.status, one.status) << one.challenge << " " << one.method;
  }
}

TEST(Authorize, BringsCodeStateAndIssuerBack) {
  const auto github = make_github();
  const Reply back = press(*github, get_authorize(*github, asked()), "authorize");
  EXPECT_EQ(back.status, 302);
  const Fields parameters = parameters_back(back);
  EXPECT_FALSE(value_of(parameters, "code").empty());
  EXPECT_EQ(value_of(parameters, "state"), "s&=?");
  EXPECT_EQ(value_of(parameters, "iss"), "http://127.0.0.1:1/login/oauth");
}

TEST(Authorize, LeavesIssuerOutWhereTheServerIsOlder) {
  StandInOptions options = test_options();
  options.send_issuer = false;
  const auto github = make_github(options);
  const Reply back = press(*github, get_authorize(*github, asked()), "authorize");
  EXPECT_EQ(find(parameters_back(back), "iss"), nullptr);
}

TEST(Authorize, BringsARefusalBackAfterCancel) {
  const auto github = make_github();
  const Fields back = parameters_back(press(*github, get_authorize(*github, asked()), "cancel"));
  EXPECT_EQ(value_of(back, "error"), "access_denied");
  EXPECT_EQ(value_of(back, "state"), "s&=?");
  EXPECT_EQ(find(back, "code"), nullptr);
}

TEST(Authorize, SendsASuspendedAppBackAtOnce) {
  StandInOptions options = test_options();
  options.clients.push_back(
      {.client_id = "x", .redirect_uris = {"https://x.example/"}, .suspended = true});
  const auto github = make_github(options);
  const Reply reply = get_authorize(*github, {{"client_id", "x"}});
  EXPECT_EQ(value_of(parameters_back(reply), "error"), "application_suspended");
}

TEST(Authorize, TakesNoDecisionWithoutAPageItShowed) {
  const auto github = make_github();
  const Reply reply =
      press(*github, Reply{.body = "name=\"request\" value=\"made-up\""}, "authorize");
  EXPECT_EQ(reply.status, 422);
  const Reply page = get_authorize(*github, asked());
  github->advance(3601);
  EXPECT_EQ(press(*github, page, "authorize").status, 422);
}

TEST(Authorize, ForgetsTheOldestOfAThousandOpenPages) {
  const auto github = make_github();
  std::vector<Reply> pages;
  for (int i = 0; i < 1500; ++i) pages.push_back(get_authorize(*github, asked()));
  for (int i = 0; i < 1500; ++i) {
    EXPECT_EQ(press(*github, pages[i], "authorize").status, i < 500 ? 422 : 302) << i;
  }
}

}  // namespace
}  // namespace portero::stand_in
