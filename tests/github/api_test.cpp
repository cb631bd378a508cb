#include <gtest/gtest.h>

#include "tests/github/faults.h"
#include "tests/github/server.h"
#include "tests/github/test_github.h"

namespace portero::stand_in {
namespace {

constexpr std::string_view kBasic = "Basic c3RhbmQtaW4tY2xpZW50OnN0YW5kLWluLXNlY3JldA==";
constexpr std::string_view kTokenPath = "/applications/stand-in-client/token";

Reply call_app(GitHub& github, std::string method, std::string_view path, std::string_view token,
               std::string_view authorization = kBasic) {
  return github.answer(
      {.method = std::move(method),
       .path = std::string(path),
       .headers = {{"User-Agent", "test"}, {"Authorization", std::string(authorization)}},
       .body = write_json({{"access_token", std::string(token)}})});
}

TEST(User, IsToldToWhoeverHoldsAToken) {
  const auto github = make_github();
  const std::string token = new_token(*github);
  for (const char* path : {"/user", "/api/v3/user"}) {
    const Reply reply = get_api(*github, path, token);
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(value_of(*read_json_fields(reply.body), "login"), "ada-page");
  }
}

TEST(User, HasAProfileToLookAt) {
  const auto github = make_github();
  const Reply page = github->answer({.method = "GET", .path = "/img-onerror"});
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.body.find("<img src=x"), std::string::npos);
  EXPECT_EQ(github->answer({.method = "GET", .path = "/nobody"}).status, 404);
}

TEST(User, IsToldToNobodyElse) {
  const auto github = make_github();
  EXPECT_EQ(get_api(*github, "/user", "gho_made_up").status, 401);
  EXPECT_EQ(get_api(*github, "/user", "").status, 401);
}

TEST(User, NeedsAUserAgentAndAVersionThatExists) {
  const auto github = make_github();
  const std::string bearer = "Bearer " + new_token(*github);
  Call call{.method = "GET", .path = "/user", .headers = {{"Authorization", bearer}}};
  EXPECT_EQ(github->answer(call).status, 403);
  call.headers.emplace_back("User-Agent", "test");
  EXPECT_EQ(github->answer(call).status, 200);
  call.headers.emplace_back("X-GitHub-Api-Version", "2022-11-28");
  EXPECT_EQ(github->answer(call).status, 200);
  call.headers.back().second = "1999-01-01";
  EXPECT_EQ(github->answer(call).status, 400);
}

TEST(User, HasAnAddressOnlyWhenItIsPublic) {
  const auto github = make_github();
  const Reply open = get_api(*github, "/user", new_token(*github));
  const Reply closed = get_api(*github, "/user", new_token(*github, "", "yamin-ila-yasar"));
  EXPECT_EQ(value_of(*read_json_fields(open.body), "email"), "ada@example.org");
  EXPECT_NE(closed.body.find("\"email\":null"), std::string::npos);
}

TEST(Emails, NeedTheirScope) {
  const auto github = make_github();
  EXPECT_EQ(get_api(*github, "/user/emails", new_token(*github)).status, 404);
  EXPECT_EQ(get_api(*github, "/user/emails", new_token(*github, "user:email")).status, 200);
  const std::string nobody = new_token(*github, "user:email", "nameless");
  EXPECT_EQ(get_api(*github, "/user/emails", nobody).body, "[]");
}

TEST(RateLimit, IsCountedAndHeld) {
  StandInOptions options = test_options();
  options.rate_limit = 2;
  const auto github = make_github(options);
  const std::string token = new_token(*github);
  EXPECT_EQ(header_in(get_api(*github, "/user", token), "X-RateLimit-Remaining"), "1");
  EXPECT_EQ(header_in(get_api(*github, "/user", token), "X-RateLimit-Remaining"), "0");
  EXPECT_EQ(get_api(*github, "/user", token).status, 403);
  github->advance(3600);
  EXPECT_EQ(get_api(*github, "/user", token).status, 200);
}

TEST(Revocation, EndsOneToken) {
  const auto github = make_github();
  const std::string token = new_token(*github);
  const std::string other = new_token(*github);
  EXPECT_EQ(call_app(*github, "POST", kTokenPath, token).status, 200);
  const Reply gone = call_app(*github, "DELETE", kTokenPath, token);
  EXPECT_EQ(gone.status, 204);
  EXPECT_EQ(gone.body, "");
  EXPECT_EQ(get_api(*github, "/user", token).status, 401);
  EXPECT_EQ(get_api(*github, "/user", other).status, 200);
  EXPECT_EQ(call_app(*github, "POST", kTokenPath, token).status, 404);
  EXPECT_EQ(github->revoked_tokens(), 1);
}

TEST(Revocation, OfTheGrantEndsAllOfThem) {
  const auto github = make_github();
  const std::string token = new_token(*github, "user:email");
  new_token(*github, "user:email");
  const auto* const path = "/applications/stand-in-client/grant";
  EXPECT_EQ(call_app(*github, "DELETE", path, token).status, 204);
  EXPECT_EQ(github->live_tokens(), 0);
  const Fields again = ask_token(*github, token_form(new_code(*github)));
  EXPECT_EQ(value_of(again, "scope"), "");
}

TEST(Revocation, IsTheAppsAlone) {
  const auto github = make_github();
  const std::string token = new_token(*github);
  EXPECT_EQ(call_app(*github, "DELETE", kTokenPath, token, "").status, 401);
  EXPECT_EQ(call_app(*github, "DELETE", kTokenPath, token, "Basic eDp5").status, 401);
  EXPECT_EQ(call_app(*github, "DELETE", "/applications/other/token", token).status, 404);
  EXPECT_EQ(call_app(*github, "DELETE", kTokenPath, "").status, 422);
  EXPECT_EQ(get_api(*github, "/user", token).status, 200);
}

TEST(Controls, ShowCountsAndNoSecret) {
  const auto github = make_github();
  const std::string token = new_token(*github);
  const Reply state = github->answer({.method = "GET", .path = "/_stand-in/state"});
  EXPECT_NE(state.body.find("\"live_tokens\":1"), std::string::npos);
  EXPECT_NE(state.body.find("\"token\":1"), std::string::npos);
  EXPECT_EQ(state.body.find(token), std::string::npos);
  EXPECT_EQ(state.body.find(kPairSecret), std::string::npos);
}

TEST(Controls, AreNotForAPageElsewhere) {
  const auto github = make_github();
  const Reply form = github->answer({.method = "POST",
                                     .path = "/_stand-in/clock",
                                     .headers = {{"Content-Type", "text/plain"}},
                                     .body = R"({"advance_seconds":600})"});
  EXPECT_EQ(form.status, 404);
}

TEST(Fault, IsPlayedAsOftenAsArmed) {
  const auto github = make_github();
  const std::string token = new_token(*github);
  EXPECT_TRUE(github->arm_fault("user", "error_502", 2));
  EXPECT_EQ(get_api(*github, "/user", token).status, 502);
  EXPECT_EQ(get_api(*github, "/user", token).status, 502);
  EXPECT_EQ(get_api(*github, "/user", token).status, 200);
  EXPECT_FALSE(github->arm_fault("user", "made_up", 1));
  EXPECT_FALSE(github->arm_fault("nowhere", "error_502", 1));
}

TEST(Fault, OfEveryNameChangesTheAnswer) {
  for (const std::string_view fault : stand_in_faults()) {
    const auto github = make_github();
    const std::string token = new_token(*github);
    const Reply honest = get_api(*github, "/user", token);
    ASSERT_TRUE(github->arm_fault("user", fault, 1));
    const Reply broken = get_api(*github, "/user", token);
    EXPECT_TRUE(broken.status != honest.status || broken.body != honest.body ||
                broken.raw_fault == fault ||
                header_in(broken, "Content-Type") != header_in(honest, "Content-Type"))
        << fault;
  }
}

TEST(Host, IsLoopbackOrRefused) {
  for (const char* good : {"127.0.0.1", "127.0.0.1:8080", "localhost:1", "[::1]:80"}) {
    EXPECT_TRUE(host_is_loopback(good)) << good;
  }
  for (const char* bad : {"", "evil.example", "localhost.evil.example", "127.0.0.1.nip.io",
                          "127.0.0.1:", "127.0.0.1:80x", "10.0.0.1"}) {
    EXPECT_FALSE(host_is_loopback(bad)) << bad;
  }
}

}  // namespace
}  // namespace portero::stand_in
