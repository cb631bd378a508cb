#include "proxy/github/memberships.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "proxy/github/requests.h"

namespace portero {
namespace {

const std::string kRestricted =
    R"({"message":"Although you appear to have the correct authorization credentials, the `acme` )"
    R"(organization has enabled OAuth App access restrictions, meaning that data access to )"
    R"(third-parties is limited.","documentation_url":"https://docs.github.com/rest","status":"403"})";
const Header kWantsSso = {"X-GitHub-SSO", "required; url=https://github.com/orgs/acme/sso?x=1"};
const Header kAsJson = {"Content-Type", "application/json; charset=utf-8"};

UpstreamReply tell(int status, std::string body, std::vector<Header> headers = {kAsJson}) {
  return {.status = status, .headers = std::move(headers), .body = std::move(body)};
}

/// "yes", "no", "hidden", or the error's name.
std::string read(RuleKind kind, const UpstreamReply& reply) {
  const Result<Holds> holds = read_rule_reply(kind, reply);
  if (!holds) return std::string(name(holds.error()));
  return *holds == Holds::kYes ? "yes" : *holds == Holds::kNo ? "no" : "hidden";
}

TEST(RuleRequest, NamesWhatIsAskedAndCarriesTheTokenInAHeader) {
  const GithubSettings github;
  const Secret token("gho_secret");
  const std::vector<std::tuple<RuleKind, std::string, std::string, GithubCall>> cases = {
      {RuleKind::kOrganization, "acme", "/user/memberships/orgs/acme", GithubCall::kOrganization},
      {RuleKind::kTeam, "acme/writers", "/orgs/acme/teams/writers/memberships/octocat",
       GithubCall::kTeam},
      {RuleKind::kPush, "acme/site.js", "/repos/acme/site.js", GithubCall::kRepository},
  };
  for (const auto& [kind, named, path, call] : cases) {
    const UpstreamRequest request =
        make_rule_request(github, {.kind = kind, .name = named}, "octocat", token);
    EXPECT_EQ(request.method, "GET");
    EXPECT_EQ(request.url, "https://api.github.com" + path);
    EXPECT_EQ(request.call, call);
    const std::string* authorization = find_header(request.headers, "Authorization");
    ASSERT_NE(authorization, nullptr);
    EXPECT_EQ(*authorization, "Bearer gho_secret");
    EXPECT_EQ(request.body, "");
  }
}

TEST(RuleReply, SaysWhetherSomebodyBelongs) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"yes", R"({"state":"active","role":"member"})"},
      {"yes", R"({"state":"active","role":"admin","organization":{"id":9007199254740995}})"},
      {"yes", R"({"state":"active","role":"maintainer"})"},
      {"no", R"({"state":"pending","role":"member"})"},
      {"no", R"({"state":"active","role":"billing_manager"})"},
      {"upstream_invalid", R"({"state":"Active","role":"member"})"},
      {"upstream_invalid", R"({"state":"","role":"member"})"},
      {"upstream_invalid", R"({"state":true,"role":"member"})"},
      {"upstream_invalid", R"({"state":"active"})"},
      {"upstream_invalid", R"({"state":"active","role":null})"},
      {"upstream_invalid", R"({"role":"member"})"},
      {"upstream_invalid", R"([{"state":"active","role":"member"}])"},
      {"upstream_invalid", "null"},
      {"upstream_invalid", ""},
      {"upstream_invalid", R"({"state":"active","role":"member")"},
      {"upstream_invalid", R"({"state":"pending","state":"active","role":"member"})"},
  };
  for (const auto& [expected, text] : cases) {
    EXPECT_EQ(read(RuleKind::kOrganization, tell(200, text)), expected) << text;
    EXPECT_EQ(read(RuleKind::kTeam, tell(200, text)), expected) << text;
  }
}

TEST(RuleReply, SaysWhetherSomebodyMayPush) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"yes", R"({"permissions":{"admin":false,"push":true,"pull":true}})"},
      {"no", R"({"permissions":{"admin":false,"push":false,"pull":true}})"},
      {"no", R"({"permissions":{"admin":true,"push":false}})"},
      {"upstream_invalid", R"({"permissions":{"admin":true}})"},
      {"upstream_invalid", R"({"permissions":{"push":"true"}})"},
      {"upstream_invalid", R"({"permissions":{"push":1}})"},
      {"upstream_invalid", R"({"permissions":null})"},
      {"upstream_invalid", R"({"push":true})"},
      {"upstream_invalid", R"({"state":"active","role":"member"})"},
  };
  for (const auto& [expected, text] : cases) {
    EXPECT_EQ(read(RuleKind::kPush, tell(200, text)), expected) << text;
  }
}

TEST(RuleReply, IsHiddenOnlyByGitHubsOwnMarks) {
  const std::string plain = R"({"message":"Forbidden"})";
  const std::string lower_case =
      R"({"message":"Although you appear to have the correct authorization credentials, the )"
      R"(organization has enabled OAuth app access restrictions, meaning …"})";
  const std::string late =
      R"({"message":"Note: although you appear to have the correct authorization credentials, )"
      R"(the `acme` organization has enabled OAuth App access restrictions"})";
  const Header reset = {"Retry-After", "30"};
  const std::vector<std::pair<std::string, UpstreamReply>> cases = {
      {"hidden", tell(403, kRestricted)},
      {"hidden", tell(403, lower_case)},
      {"hidden", tell(403, plain, {kAsJson, kWantsSso})},
      {"hidden", tell(403, "", {kWantsSso})},
      {"upstream_refused", tell(403, plain)},
      {"upstream_refused", tell(403, late)},
      {"upstream_refused", tell(403, R"({"message":"Resource not accessible by integration"})")},
      {"upstream_refused", tell(403, R"({"message":"This installation has been suspended"})")},
      {"upstream_refused", tell(403, kRestricted, {{"Content-Type", "text/html"}})},
      {"upstream_refused", tell(401, kRestricted)},
      {"upstream_refused", tell(401, plain, {kAsJson, kWantsSso})},
      {"upstream_refused", tell(451, kRestricted)},
      {"upstream_refused",
       tell(403, plain, {kAsJson, {"X-GitHub-SSO", "partial-results; organizations=1"}})},
      {"upstream_rate_limited", tell(403, kRestricted, {kAsJson, reset})},
      {"upstream_rate_limited", tell(403, plain, {kAsJson, kWantsSso, reset})},
      {"upstream_rate_limited", tell(429, kRestricted)},
  };
  for (const RuleKind kind : {RuleKind::kOrganization, RuleKind::kTeam, RuleKind::kPush}) {
    for (const auto& [expected, reply] : cases) {
      EXPECT_EQ(read(kind, reply), expected) << reply.status << reply.body;
    }
  }
  EXPECT_EQ(find_hiding(tell(403, kRestricted)), Hiding::kRestricted);
  EXPECT_EQ(find_hiding(tell(403, kRestricted, {kAsJson, kWantsSso})), Hiding::kSingleSignOn);
  EXPECT_EQ(find_hiding(tell(200, kRestricted, {kAsJson, kWantsSso})), std::nullopt);
}

TEST(RuleReply, NamesEveryFailureAndTakesNoneForNo) {
  const std::vector<std::pair<std::string, int>> cases = {
      {"no", 404},
      {"upstream_refused", 400},
      {"upstream_refused", 401},
      {"upstream_refused", 403},
      {"upstream_rate_limited", 429},
      {"upstream_refused", 410},
      {"upstream_refused", 422},
      {"upstream_refused", 500},
      {"upstream_refused", 502},
      {"upstream_refused", 503},
      {"upstream_invalid", 301},  // it has another name by now; following would carry the token
      {"upstream_invalid", 302},
      {"upstream_invalid", 304},
      {"upstream_refused", 202},
      {"upstream_refused", 204},
  };
  for (const RuleKind kind : {RuleKind::kOrganization, RuleKind::kTeam, RuleKind::kPush}) {
    for (const auto& [expected, status] : cases) {
      EXPECT_EQ(read(kind, tell(status, R"({"state":"active","role":"member"})")), expected)
          << status;
    }
  }
  EXPECT_EQ(read(RuleKind::kTeam, tell(200, R"({"state":"active","role":"member"})",
                                       {{"Content-Type", "text/html"}})),
            "upstream_invalid");
}

}  // namespace
}  // namespace portero
