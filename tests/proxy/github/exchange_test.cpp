#include <gtest/gtest.h>

#include "proxy/github/replies.h"
#include "proxy/github/requests.h"

namespace portero {
namespace {

GithubSettings make_github() { return {}; }

Site make_site() {
  Site site;
  site.origin = "https://page.example";
  site.redirect_uri = "https://page.example/app/?a=b";
  site.client_id = "Iv1.id";
  site.client_secret = Secret("s3cret&");
  return site;
}

UpstreamReply reply(int status, std::string body, std::vector<Header> headers = {}) {
  return {.status = status, .headers = std::move(headers), .body = std::move(body)};
}

const std::string kGoodToken =
    R"({"access_token":"gho_a.b-c","token_type":"bearer","scope":"user"})";

TEST(TokenRequest, SendsThePinnedRedirectUriAndTheVerifierInAForm) {
  const UpstreamRequest request =
      make_token_request(make_github(), make_site(), {.code = "c+d", .code_verifier = "v~"});
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "https://github.com/login/oauth/access_token");
  EXPECT_EQ(request.body,
            "client_id=Iv1.id&client_secret=s3cret%26&code=c%2Bd"
            "&redirect_uri=https%3A%2F%2Fpage.example%2Fapp%2F%3Fa%3Db&code_verifier=v~");
  EXPECT_EQ(*find_header(request.headers, "accept"), "application/json");
  EXPECT_NE(find_header(request.headers, "user-agent"), nullptr);
}

TEST(TokenReply, YieldsTheTokenAndItsScope) {
  const Result<GrantedToken> granted = read_token_reply(reply(200, kGoodToken));
  ASSERT_TRUE(granted);
  EXPECT_EQ(granted->token.reveal(), "gho_a.b-c");
  EXPECT_EQ(granted->scope, "user");
}

TEST(TokenReply, TakesBearerInAnyCaseAndUnknownMembers) {
  EXPECT_TRUE(read_token_reply(
      reply(200, R"({"access_token":"ghu_x","token_type":"Bearer","expires_in":28800,"x":[]})")));
}

struct TokenCase {
  int status;
  std::string body;
  std::vector<Header> headers;
  Error error;
};

TEST(TokenReply, NamesEveryFailure) {
  const std::vector<TokenCase> cases = {
      {200, R"({"error":"incorrect_client_credentials"})", {}, Error::kProxyMisconfigured},
      {404, R"({"error":"Not Found"})", {}, Error::kProxyMisconfigured},
      {200, R"({"error":"redirect_uri_mismatch"})", {}, Error::kCodeRejected},
      {200, R"({"error":"bad_verification_code"})", {}, Error::kCodeRejected},
      {400, R"({"error":"bad_verification_code"})", {}, Error::kCodeRejected},
      {200, R"({"error":"unverified_user_email"})", {}, Error::kEmailUnverified},
      {200, R"({"error":"something_new"})", {}, Error::kUpstreamRefused},
      {200,
       R"({"error":"bad_verification_code","access_token":"gho_a","token_type":"bearer"})",
       {},
       Error::kCodeRejected},
      {200, R"({"error":1,"access_token":"a","token_type":"bearer"})", {}, Error::kUpstreamInvalid},
      {429, "", {}, Error::kUpstreamRateLimited},
      {403, "", {{"Retry-After", "9"}}, Error::kUpstreamRateLimited},
      {403, "", {{"X-RateLimit-Remaining", "0"}}, Error::kUpstreamRateLimited},
      {403, "", {{"X-RateLimit-Remaining", "1"}}, Error::kUpstreamRefused},
      {500, "<html>", {}, Error::kUpstreamRefused},
      {502, kGoodToken, {}, Error::kUpstreamRefused},
      {302, "", {{"Location", "https://evil.example"}}, Error::kUpstreamInvalid},
      {200, "", {}, Error::kUpstreamInvalid},
      {200, "<html>", {}, Error::kUpstreamInvalid},
      {200, "[]", {}, Error::kUpstreamInvalid},
      {200, "null", {}, Error::kUpstreamInvalid},
      {200, "{}", {}, Error::kUpstreamInvalid},
      {200, "access_token=gho_a&token_type=bearer", {}, Error::kUpstreamInvalid},
      {200, R"({"access_token":"gho_a"})", {}, Error::kUpstreamInvalid},
      {200, R"({"access_token":"gho_a","token_type":"mac"})", {}, Error::kUpstreamInvalid},
      {200, R"({"access_token":"","token_type":"bearer"})", {}, Error::kUpstreamInvalid},
      {200, R"({"access_token":"a\r\nb: c","token_type":"bearer"})", {}, Error::kUpstreamInvalid},
      {200, R"({"access_token":1,"token_type":"bearer"})", {}, Error::kUpstreamInvalid},
      {200, R"({"access_token":"a","token_type":"bearer","scope":1})", {}, Error::kUpstreamInvalid},
      {200, std::string(100000, '['), {}, Error::kUpstreamInvalid},
  };
  for (const TokenCase& c : cases) {
    const Result<GrantedToken> granted = read_token_reply(reply(c.status, c.body, c.headers));
    ASSERT_FALSE(granted) << c.body;
    EXPECT_EQ(name(granted.error()), name(c.error)) << c.status << ' ' << c.body.substr(0, 80);
  }
}

TEST(Scope, IsCoveredByItselfOrABroaderOne) {
  EXPECT_TRUE(covers_scope("", ""));
  EXPECT_TRUE(covers_scope("gist,user", "user:email"));
  EXPECT_TRUE(covers_scope("user", "user:email read:user"));
  EXPECT_TRUE(covers_scope("admin:org", "read:org"));
  EXPECT_TRUE(covers_scope("repo, user:email", "user:email public_repo"));
  EXPECT_FALSE(covers_scope("", "user:email"));
  EXPECT_FALSE(covers_scope("user:email", "user"));
  EXPECT_FALSE(covers_scope("read:org", "write:org"));
  EXPECT_FALSE(covers_scope("admin:org", "read:user"));
  EXPECT_FALSE(covers_scope("user:email", "user:email gist"));
}

TEST(UserRequest, CarriesTheTokenInAHeader) {
  const UpstreamRequest request = make_user_request(make_github(), Secret("gho_t"));
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.url, "https://api.github.com/user");
  EXPECT_EQ(*find_header(request.headers, "authorization"), "Bearer gho_t");
  EXPECT_EQ(*find_header(request.headers, "x-github-api-version"), "2022-11-28");
  EXPECT_NE(find_header(request.headers, "user-agent"), nullptr);
}

TEST(UserReply, YieldsWhoItIs) {
  const Result<User> user = read_user_reply(
      reply(200, R"({"id":9007199254740991,"login":"a-b_c","name":null,"email":"a@b.example",)"
                 R"("avatar_url":"https://a.example/1","html_url":"http://a.example/","plan":{}})"),
      make_github());
  ASSERT_TRUE(user);
  EXPECT_EQ(user->id, 9007199254740991);
  EXPECT_EQ(user->login, "a-b_c");
  EXPECT_EQ(user->name, std::nullopt);
  EXPECT_EQ(user->email, "a@b.example");
  EXPECT_EQ(user->avatar_url, "https://a.example/1");
  EXPECT_EQ(user->html_url, "") << "not https";
}

TEST(UserReply, KeepsLoopbackUrlsOfAGithubOnLoopback) {
  GithubSettings github;
  github.url = "http://127.0.0.1:9000";
  const UpstreamReply said = reply(
      200,
      R"({"id":1,"login":"a","avatar_url":"http://127.0.0.1:9000/a","html_url":"javascript:a"})");
  EXPECT_EQ(read_user_reply(said, github)->avatar_url, "http://127.0.0.1:9000/a");
  EXPECT_EQ(read_user_reply(said, github)->html_url, "");
  EXPECT_EQ(read_user_reply(said, make_github())->avatar_url, "");
}

TEST(UserReply, TakesANameThatNobodyCouldShowForNone) {
  for (const char* control : {"\\u0000", "\\n", "\\u001b", "\\u007f"}) {
    const std::string text = "a" + std::string(control) + "b";
    const Result<User> user = read_user_reply(
        reply(200, R"({"id":1,"login":"a","name":")" + text + R"(","email":")" + text + "\"}"),
        make_github());
    ASSERT_TRUE(user) << text;
    EXPECT_FALSE(user->name || user->email) << text;
  }
}

std::string address_of(const std::string& list) {
  const Result<std::optional<std::string>> address = read_emails_reply(reply(200, list));
  if (!address) return std::string(name(address.error()));
  return address->value_or("none");
}

TEST(EmailsRequest, CarriesTheTokenInAHeader) {
  const UpstreamRequest request = make_emails_request(make_github(), Secret("gho_t"));
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.url, "https://api.github.com/user/emails");
  EXPECT_EQ(*find_header(request.headers, "authorization"), "Bearer gho_t");
  EXPECT_EQ(*find_header(request.headers, "x-github-api-version"), "2022-11-28");
}

TEST(EmailsReply, YieldsThePrimaryAddressIfItIsVerified) {
  const auto entry = [](const std::string& email, bool primary, bool verified) {
    return R"({"email":")" + email + R"(","primary":)" + (primary ? "true" : "false") +
           R"(,"verified":)" + (verified ? "true" : "false") + R"(,"visibility":null})";
  };
  const std::string ours = entry("a@b.example", true, true);
  const std::string other = entry("c@d.example", false, true);
  EXPECT_EQ(address_of("[" + ours + "]"), "a@b.example");
  EXPECT_EQ(address_of("[" + ours + "," + other + "]"), "a@b.example");
  EXPECT_EQ(address_of("[" + other + "," + ours + "]"), "a@b.example");
  for (const std::string& none :
       {std::string("[]"), "[" + other + "]", "[" + entry("a@b.example", true, false) + "]",
        "[" + entry("a@b.example", true, false) + "," + other + "]",
        "[" + entry("a@b.example", false, false) + "]",
        "[" + entry("a\\nb@b.example", true, true) + "]",
        "[" + entry(std::string(5000, 'a'), true, true) + "]",
        std::string(R"([{"email":null,"primary":true,"verified":true}])")}) {
    EXPECT_EQ(address_of(none), "none") << none.substr(0, 200);
  }
}

TEST(EmailsReply, HasNoneWhereTheTokenMayNotAsk) {
  for (const int status : {403, 404}) {
    for (const char* text : {R"({"message":"Not Found"})", "", "<html>",
                             R"([{"email":"a@b","primary":true,"verified":true}])"}) {
      const Result<std::optional<std::string>> address = read_emails_reply(reply(status, text));
      ASSERT_TRUE(address) << status << text;
      EXPECT_EQ(*address, std::nullopt) << text;
    }
  }
}

TEST(EmailsReply, NamesEveryFailure) {
  const std::string secondary =
      R"({"message":"You have exceeded a secondary rate limit. Please wait a few minutes."})";
  const std::vector<TokenCase> cases = {
      {401, "[]", {}, Error::kUpstreamRefused},
      {403, secondary, {}, Error::kUpstreamRateLimited},
      {403, "[]", {{"x-ratelimit-remaining", "0"}}, Error::kUpstreamRateLimited},
      {403, "[]", {{"retry-after", "1"}}, Error::kUpstreamRateLimited},
      {429, "[]", {}, Error::kUpstreamRateLimited},
      {301, "[]", {}, Error::kUpstreamInvalid},
      {204, "", {}, Error::kUpstreamRefused},
      {500, "[]", {}, Error::kUpstreamRefused},
      {200, "", {}, Error::kUpstreamInvalid},
      {200, "[", {}, Error::kUpstreamInvalid},
      {200, "[]", {{"content-type", "text/html"}}, Error::kUpstreamInvalid},
  };
  for (const TokenCase& test : cases) {
    const Result<std::optional<std::string>> address =
        read_emails_reply(reply(test.status, test.body, test.headers));
    ASSERT_FALSE(address) << test.status << test.body;
    EXPECT_EQ(name(address.error()), name(test.error)) << test.status << test.body;
  }
  for (const char* text :
       {"{}", "null", "true", "\"a@b\"", "[1]", "[[]]", "[null]", "[{}]", R"(["a@b.example"])",
        R"({"email":"a@b.example"})", R"([{"email":"a@b","primary":true}])",
        R"([{"email":"a@b","verified":true}])", R"([{"email":"a@b","primary":1,"verified":1}])",
        R"([{"email":"a@b","primary":"true","verified":"true"}])",
        R"([{"email":7,"primary":true,"verified":true}])",
        R"([{"email":"a@b","primary":true,"verified":true},{"primary":null,"verified":true}])"}) {
    EXPECT_EQ(address_of(text), "upstream_invalid") << text;
  }
}

TEST(UserReply, NamesEveryFailure) {
  const std::vector<TokenCase> cases = {
      {401, "{}", {}, Error::kUpstreamRefused},
      {403, "{}", {{"x-ratelimit-remaining", "0"}}, Error::kUpstreamRateLimited},
      {403, "{}", {}, Error::kUpstreamRefused},
      {301, "{}", {}, Error::kUpstreamInvalid},
      {503, "{}", {}, Error::kUpstreamRefused},
      {200, "", {}, Error::kUpstreamInvalid},
      {200, "{}", {}, Error::kUpstreamInvalid},
      {200, R"({"id":"1","login":"a"})", {}, Error::kUpstreamInvalid},
      {200, R"({"id":0,"login":"a"})", {}, Error::kUpstreamInvalid},
      {200, R"({"id":-1,"login":"a"})", {}, Error::kUpstreamInvalid},
      {200, R"({"id":1.5,"login":"a"})", {}, Error::kUpstreamInvalid},
      {200, R"({"id":9007199254740992,"login":"a"})", {}, Error::kUpstreamInvalid},
      {200, R"({"id":1})", {}, Error::kUpstreamInvalid},
      {200, R"({"id":1,"login":""})", {}, Error::kUpstreamInvalid},
      {200, R"({"id":1,"login":"<b>"})", {}, Error::kUpstreamInvalid},
      {200, R"({"id":1,"login":"a","name":7})", {}, Error::kUpstreamInvalid},
      {200, R"({"id":1,"login":"a","avatar_url":[]})", {}, Error::kUpstreamInvalid},
  };
  for (const TokenCase& c : cases) {
    const Result<User> user = read_user_reply(reply(c.status, c.body, c.headers), make_github());
    ASSERT_FALSE(user) << c.body;
    EXPECT_EQ(name(user.error()), name(c.error)) << c.status << ' ' << c.body;
  }
}

TEST(RevokeRequest, UsesBasicAuthAndABody) {
  const UpstreamRequest request = make_revoke_request(make_github(), make_site(), Secret("gho_t"));
  EXPECT_EQ(request.method, "DELETE");
  EXPECT_EQ(request.url, "https://api.github.com/applications/Iv1.id/token");
  EXPECT_EQ(*find_header(request.headers, "authorization"), "Basic SXYxLmlkOnMzY3JldCY=");
  EXPECT_EQ(request.body, R"({"access_token":"gho_t"})");
}

TEST(RevokeReply, CountsAnUnknownTokenAsRevoked) {
  EXPECT_TRUE(read_revoke_reply(reply(204, "")));
  EXPECT_TRUE(read_revoke_reply(reply(404, "")));
  EXPECT_EQ(read_revoke_reply(reply(401, "")).error(), Error::kProxyMisconfigured);
  EXPECT_EQ(read_revoke_reply(reply(500, "")).error(), Error::kUpstreamRefused);
}

TEST(Probe, IsGoodWhenOnlyTheCodeWasRefused) {
  EXPECT_TRUE(read_probe_reply(reply(200, R"({"error":"bad_verification_code"})")));
  EXPECT_EQ(read_probe_reply(reply(200, R"({"error":"incorrect_client_credentials"})")).error(),
            Error::kProxyMisconfigured);
  EXPECT_EQ(read_probe_reply(reply(200, R"({"error":"redirect_uri_mismatch"})")).error(),
            Error::kRedirectUriMismatch);
  EXPECT_EQ(read_probe_reply(reply(200, kGoodToken)).error(), Error::kUpstreamInvalid);
}

TEST(RetryAfter, ComesFromEitherHeaderWithinBounds) {
  EXPECT_EQ(read_retry_after(reply(429, "", {{"Retry-After", "9"}}), 100), 9);
  EXPECT_EQ(read_retry_after(reply(429, "", {{"Retry-After", "0"}}), 100), 1);
  EXPECT_EQ(read_retry_after(reply(429, "", {{"Retry-After", "999999"}}), 100), 3600);
  EXPECT_EQ(read_retry_after(reply(403, "", {{"x-ratelimit-reset", "130"}}), 100), 30);
  EXPECT_EQ(read_retry_after(reply(403, "", {{"x-ratelimit-reset", "50"}}), 100), 1);
  EXPECT_EQ(read_retry_after(reply(429, "", {{"Retry-After", "Fri, 1 Jan"}}), 100), 60);
}

}  // namespace
}  // namespace portero
