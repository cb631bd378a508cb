#include <gtest/gtest.h>

#include "tests/github/test_github.h"

namespace portero::stand_in {
namespace {

Fields with(Fields form, std::string_view name, std::string_view value) {
  std::erase_if(form, [&](const auto& field) { return field.first == name; });
  form.emplace_back(name, value);
  return form;
}

Fields without(Fields form, std::string_view name) {
  std::erase_if(form, [&](const auto& field) { return field.first == name; });
  return form;
}

TEST(Token, ComesForACodeItsVerifierAndTheSecret) {
  const auto github = make_github();
  const Fields answer = ask_token(*github, token_form(new_code(*github, "user:email read:org")));
  EXPECT_TRUE(value_of(answer, "access_token").starts_with("gho_"));
  EXPECT_EQ(value_of(answer, "token_type"), "bearer");
  EXPECT_EQ(value_of(answer, "scope"), "read:org,user:email");
  EXPECT_EQ(find(answer, "refresh_token"), nullptr);
}

TEST(Token, IsRefusedByName) {
  struct Case {
    const char* name;
    const char* value;
    const char* error;
  };
  for (const Case& one : {Case{"client_secret", "wrong", "incorrect_client_credentials"},
                          Case{"code", "wrong", "bad_verification_code"},
                          Case{"redirect_uri", "https://e.example/", "redirect_uri_mismatch"},
                          Case{"code_verifier", "wrong", "bad_verification_code"},
                          Case{"grant_type", "password", "unsupported_grant_type"}}) {
    const auto github = make_github();
    const Reply reply =
        post_token(*github, with(token_form(new_code(*github)), one.name, one.value));
    EXPECT_EQ(reply.status, 200) << one.name;
    EXPECT_EQ(value_of(read_json_fields(reply.body).value_or(Fields()), "error"), one.error);
    EXPECT_EQ(github->live_tokens(), 0);
  }
}

TEST(Token, TellsAWrongSecretFromAWrongCodeForADummyCode) {
  const auto github = make_github();
  EXPECT_EQ(value_of(ask_token(*github, token_form("dummy")), "error"), "bad_verification_code");
}

TEST(Token, IsNotFoundForAnUnknownClientOrByGet) {
  const auto github = make_github();
  const Reply reply = post_token(*github, with(token_form("x"), "client_id", "nobody"));
  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(reply.body, R"({"error":"Not Found"})");
  EXPECT_EQ(github->answer({.method = "GET", .path = "/login/oauth/access_token"}).status, 404);
}

TEST(Token, IsRefusedWithoutTheVerifierOfAChallenge) {
  const auto github = make_github();
  const Fields form = without(token_form(new_code(*github)), "code_verifier");
  EXPECT_EQ(value_of(ask_token(*github, form), "error"), "bad_verification_code");
}

TEST(Token, NeedsNoVerifierWithoutAChallenge) {
  const auto github = make_github();
  const std::string code = github->issue_code(kPairId, "ada-page", kCallback, "", "");
  const Fields form = without(token_form(code), "code_verifier");
  EXPECT_FALSE(value_of(ask_token(*github, form), "access_token").empty());
}

TEST(Code, WorksOnce) {
  const auto github = make_github();
  const Fields form = token_form(new_code(*github));
  EXPECT_FALSE(value_of(ask_token(*github, form), "access_token").empty());
  EXPECT_EQ(value_of(ask_token(*github, form), "error"), "bad_verification_code");
}

TEST(Code, LivesTenMinutes) {
  const auto github = make_github();
  const std::string in_time = new_code(*github);
  github->advance(599);
  EXPECT_FALSE(value_of(ask_token(*github, token_form(in_time)), "access_token").empty());
  const std::string late = new_code(*github);
  github->advance(600);
  EXPECT_EQ(value_of(ask_token(*github, token_form(late)), "error"), "bad_verification_code");
}

TEST(Code, IsOfOneClientOnly) {
  StandInOptions options = test_options();
  options.clients.push_back(
      {.client_id = "other", .client_secret = "s", .redirect_uris = {std::string(kCallback)}});
  const auto github = make_github(options);
  Fields form = with(token_form(new_code(*github)), "client_id", "other");
  form = with(form, "client_secret", "s");
  EXPECT_EQ(value_of(ask_token(*github, form), "error"), "bad_verification_code");
}

TEST(Token, IsWrittenAsTheCallerAccepts) {
  struct Case {
    const char* accept;
    const char* type;
    const char* start;
  };
  for (const Case& one : {Case{"application/json", "application/json; charset=utf-8", "{\"access"},
                          Case{"application/xml", "application/xml; charset=utf-8", "<?xml"},
                          Case{"", "application/x-www-form-urlencoded; charset=utf-8", "access"}}) {
    const auto github = make_github();
    const Reply reply = github->answer({.method = "POST",
                                        .path = "/login/oauth/access_token",
                                        .headers = {{"accept", one.accept}},
                                        .body = write_form(token_form(new_code(*github)))});
    EXPECT_EQ(header_in(reply, "Content-Type"), one.type);
    EXPECT_TRUE(reply.body.starts_with(one.start)) << one.accept;
  }
}

TEST(Token, TakesJsonAndBasicCredentialsToo) {
  const auto github = make_github();
  const Reply reply = github->answer(
      {.method = "POST",
       .path = "/login/oauth/access_token",
       .headers = {{"Content-Type", "application/json"},
                   {"Accept", "application/json"},
                   {"Authorization", "Basic c3RhbmQtaW4tY2xpZW50OnN0YW5kLWluLXNlY3JldA=="}},
       .body =
           write_json({{"code", new_code(*github)}, {"code_verifier", std::string(kVerifier)}})});
  EXPECT_EQ(value_of(*read_json_fields(reply.body), "token_type"), "bearer");
}

TEST(Token, IsRefusedToSomebodyWithoutAVerifiedAddress) {
  const auto github = make_github();
  const Fields form = token_form(new_code(*github, "", "brand-new"));
  EXPECT_EQ(value_of(ask_token(*github, form), "error"), "unverified_user_email");
}

TEST(Token, HasEarlierScopesWhenNoneAreAsked) {
  const auto github = make_github();
  new_token(*github, "user:email");
  const Fields answer = ask_token(*github, token_form(new_code(*github)));
  EXPECT_EQ(value_of(answer, "scope"), "user:email");
}

TEST(Token, ExpiresWhereAskedAndIsRefreshedOnce) {
  const auto github = make_github();
  const Fields first = ask_token(*github, token_form(new_code(*github, "offline_access")));
  EXPECT_EQ(value_of(first, "expires_in"), "28800");
  EXPECT_EQ(value_of(first, "refresh_token_expires_in"), "15897600");
  EXPECT_EQ(value_of(first, "scope"), "");
  Fields form = with(token_form(""), "grant_type", "refresh_token");
  form = with(form, "refresh_token", value_of(first, "refresh_token"));
  EXPECT_FALSE(value_of(ask_token(*github, form), "access_token").empty());
  EXPECT_EQ(get_api(*github, "/user", value_of(first, "access_token")).status, 401);
  EXPECT_EQ(value_of(ask_token(*github, form), "error"), "bad_refresh_token");
  github->advance(28800);
  EXPECT_EQ(github->live_tokens(), 0);
}

TEST(Token, GoesWhenTheEleventhComes) {
  const auto github = make_github();
  const std::string used = new_token(*github);
  const std::string never_used = new_token(*github);
  EXPECT_EQ(get_api(*github, "/user", used).status, 200);
  github->advance(61);
  for (int i = 0; i < 9; ++i) new_token(*github);
  EXPECT_EQ(github->live_tokens(), 10);
  EXPECT_EQ(get_api(*github, "/user", used).status, 200);
  EXPECT_EQ(get_api(*github, "/user", never_used).status, 401);
}

}  // namespace
}  // namespace portero::stand_in
