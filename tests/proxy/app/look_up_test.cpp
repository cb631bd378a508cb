#include "proxy/app/look_up.h"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/proxy/app/one_page.h"
#include "tests/proxy/captured_stderr.h"

namespace portero {
namespace {

const std::string kActive = R"({"state":"active","role":"member"})";
const std::string kMayPush = R"({"permissions":{"push":true}})";
const std::string kIsRestricted =
    R"({"message":"Although you appear to have the correct authorization credentials, the `acme` )"
    R"(organization has enabled OAuth App access restrictions."})";

Rule organization(std::string name) { return {RuleKind::kOrganization, std::move(name)}; }
Rule team(std::string name) { return {RuleKind::kTeam, std::move(name)}; }
Rule push(std::string name) { return {RuleKind::kPush, std::move(name)}; }

/// A site with rules, and a GitHub that knows what it was told and 404 of all else.
class LookUpTest : public ::testing::Test {
 protected:
  LookUpTest() {
    settings.sites = {make_site(kPage, "https://page.example/")};
    keys = make_one_key();
  }

  std::vector<Rule>& rules() { return settings.sites.front().rules; }

  void github_says(const std::string& path, Result<UpstreamReply> reply) {
    replies.insert_or_assign("https://api.github.com" + path, std::move(reply));
  }
  void github_says(const std::string& path, int status, std::string body) {
    github_says(path, UpstreamReply{.status = status, .headers = {}, .body = std::move(body)});
  }

  Result<UpstreamReply> answer(const UpstreamRequest& request) {
    asked.push_back(request.url);
    const auto found = replies.find(request.url);
    if (found != replies.end()) return found->second;
    return UpstreamReply{.status = 404, .headers = {}, .body = ""};
  }

  Result<Groups, LookUpFailure> look() {
    const AppContext app{settings, keys, signed_out, admission, metrics};
    const Request request = make_call("POST", kPage, "page.example");
    const auto call = std::make_shared<PageCall>(PageCall{.request = request, .app = app});
    call->fetch = at_once([this](const UpstreamRequest& one) { return answer(one); });
    call->now = kNow;
    call->site = &settings.sites.front();
    std::optional<Result<Groups, LookUpFailure>> got;
    look_up(call, Secret("gho_t"), "octocat", [&](Result<Groups, LookUpFailure> groups) {
      EXPECT_FALSE(got) << "told twice";
      got = std::move(groups);
    });
    return got ? *got : LookUpFailure{};
  }

  Settings settings;
  KeyRing keys;
  SignedOut signed_out;
  Admission admission;
  Metrics metrics;
  std::map<std::string, Result<UpstreamReply>> replies;
  std::vector<std::string> asked;
};

TEST_F(LookUpTest, AsksNothingWithoutRules) {
  const auto groups = look();
  ASSERT_TRUE(groups);
  EXPECT_TRUE(groups->is_empty());
  EXPECT_TRUE(asked.empty());
}

TEST_F(LookUpTest, NotesWhatHoldsInTheOrderOfTheRules) {
  rules() = {organization("acme"), organization("globex"), team("acme/writers"), push("acme/site")};
  github_says("/repos/acme/site", 200, kMayPush);
  github_says("/orgs/acme/teams/writers/memberships/octocat", 200, kActive);
  github_says("/user/memberships/orgs/acme", 200, kActive);
  const auto groups = look();
  ASSERT_TRUE(groups);
  EXPECT_EQ(groups->held, (std::vector<std::string>{"acme", "acme:writers", "acme/site"}));
  EXPECT_EQ(groups->unmet, digest_of(organization("globex")));
  EXPECT_EQ(groups->hidden, "");
  EXPECT_EQ(asked.size(), 4U);
}

TEST_F(LookUpTest, GoesOnPastARuleThatGitHubHidesAndSaysSoInTheLog) {
  rules() = {organization("acme"), organization("globex")};
  github_says("/user/memberships/orgs/acme", 403, kIsRestricted);
  github_says("/user/memberships/orgs/globex", 200, kActive);
  const CapturedStderr log;
  const auto groups = look();
  const std::string text = log.text();
  ASSERT_TRUE(groups);
  EXPECT_EQ(groups->held, std::vector<std::string>{"globex"});
  EXPECT_EQ(groups->hidden, digest_of(organization("acme")));
  EXPECT_NE(text.find("organization_hidden"), std::string::npos) << text;
  EXPECT_NE(text.find("rule=acme"), std::string::npos) << text;
  EXPECT_NE(text.find("organizations/acme/settings/oauth_application_policy"), std::string::npos);
  EXPECT_EQ(text.find("gho_t"), std::string::npos);
  EXPECT_EQ(text.find("octocat"), std::string::npos);
}

TEST_F(LookUpTest, NeverLogsTheAddressOfASingleSignOn) {
  rules() = {team("acme/writers")};
  github_says("/orgs/acme/teams/writers/memberships/octocat",
              UpstreamReply{.status = 403,
                            .headers = {{"x-github-sso", "required; url=https://s3cret.example"}},
                            .body = ""});
  const CapturedStderr log;
  const auto groups = look();
  const std::string text = log.text();
  ASSERT_TRUE(groups);
  EXPECT_EQ(groups->hidden, digest_of(team("acme/writers")));
  EXPECT_NE(text.find("reason=single_sign_on"), std::string::npos) << text;
  EXPECT_EQ(text.find("s3cret"), std::string::npos) << text;
}

TEST_F(LookUpTest, FailsAsAWholeWithTheFirstFailureInTheOrderOfTheRules) {
  rules() = {organization("acme"), organization("globex"), organization("initech")};
  github_says("/user/memberships/orgs/acme", 200, kActive);
  github_says("/user/memberships/orgs/globex", 429, "");
  github_says("/user/memberships/orgs/initech", 500, "");
  const CapturedStderr log;
  const auto groups = look();
  const std::string text = log.text();
  ASSERT_FALSE(groups);
  EXPECT_EQ(groups.error().error, Error::kUpstreamRateLimited);
  EXPECT_EQ(groups.error().retry_after, 60);
  EXPECT_NE(text.find("rule_failed"), std::string::npos) << text;
  EXPECT_NE(text.find("rule=globex"), std::string::npos) << text;
}

TEST_F(LookUpTest, TriesALostCallOnceMore) {
  rules() = {organization("acme")};
  github_says("/user/memberships/orgs/acme", Error::kUpstreamUnreachable);
  const auto groups = look();
  ASSERT_FALSE(groups);
  EXPECT_EQ(groups.error().error, Error::kUpstreamUnreachable);
  EXPECT_EQ(groups.error().retry_after, 0);
  EXPECT_EQ(asked.size(), 2U);
}

TEST_F(LookUpTest, AsksNoMoreOnceGitHubAsksToWait) {
  for (std::size_t i = 0; i < 64; ++i) rules().push_back(organization("o" + std::to_string(i)));
  github_says("/user/memberships/orgs/o9", 403,
              R"({"message":"You have exceeded a secondary rate limit."})");
  const auto groups = look();
  ASSERT_FALSE(groups);
  EXPECT_EQ(groups.error().error, Error::kUpstreamRateLimited);
  EXPECT_EQ(asked.size(), 2 * kRulesAtOnce);  // it was in the second lot
}

TEST_F(LookUpTest, AsksOnlySomeAtOnce) {
  for (std::size_t i = 0; i < 20; ++i) rules().push_back(organization("o" + std::to_string(i)));
  const AppContext app{settings, keys, signed_out, admission, metrics};
  const Request request = make_call("POST", kPage, "page.example");
  const auto call = std::make_shared<PageCall>(PageCall{.request = request, .app = app});
  call->site = &settings.sites.front();
  std::vector<Then> waiting;
  call->fetch = [&](const UpstreamRequest& one, Then then) {
    asked.push_back(one.url);
    waiting.push_back(std::move(then));
  };
  std::optional<Result<Groups, LookUpFailure>> got;
  look_up(call, Secret("gho_t"), "octocat",
          [&](Result<Groups, LookUpFailure> groups) { got = std::move(groups); });
  for (std::size_t answered = 0; answered < 20; ++answered) {
    EXPECT_LE(waiting.size() - answered, kRulesAtOnce);
    ASSERT_GT(waiting.size(), answered);
    const Then then = waiting.at(answered);
    then(UpstreamReply{.status = 200, .headers = {}, .body = kActive});
  }
  ASSERT_TRUE(got && *got);
  EXPECT_EQ((*got)->held.size(), 20U);
  EXPECT_EQ((*got)->held.front(), "o0");
  EXPECT_EQ((*got)->held.back(), "o19");
  EXPECT_EQ(asked.size(), 20U);
}

}  // namespace
}  // namespace portero
