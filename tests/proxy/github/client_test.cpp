#include "proxy/github/client.h"

#include <gtest/gtest.h>

#include <future>
#include <vector>

#include "proxy/github/replies.h"
#include "proxy/github/requests.h"
#include "tests/github/stand_in.h"

namespace portero {
namespace {

constexpr std::string_view kRedirect = "http://127.0.0.1:8080/";
// RFC 7636 appendix B.
constexpr std::string_view kVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
constexpr std::string_view kChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

class GithubClientTest : public ::testing::Test {
 protected:
  GithubClientTest() {
    StandInOptions options;
    options.client_id = "id";
    options.client_secret = "secret";
    options.redirect_uris = {std::string(kRedirect)};
    options.with_faults = true;
    std::string why;
    stand_in = StandIn::start(options, why);
    if (stand_in == nullptr) std::abort();
    github.url = stand_in->fault_url();
    github.api_url = stand_in->fault_url();
    site.client_id = "id";
    site.client_secret = Secret("secret");
    site.redirect_uri = kRedirect;
  }

  UpstreamRequest token_request() {
    return make_token_request(
        github, site,
        {.code = stand_in->issue_code("id", "ada-page", kRedirect, kChallenge),
         .code_verifier = std::string(kVerifier)});
  }

  std::unique_ptr<StandIn> stand_in;
  UpstreamThread upstream;
  GithubSettings github;
  Site site;
};

TEST_F(GithubClientTest, SignsInAndRevokesWithOneFetch) {
  const GithubClient client(upstream, github);
  const BlockingFetch fetch = client.begin_waiting();
  const Result<UpstreamReply> token = fetch(token_request());
  ASSERT_TRUE(token) << name(token.error());
  const Result<GrantedToken> granted = read_token_reply(*token);
  ASSERT_TRUE(granted) << name(granted.error());
  const Result<UpstreamReply> who = fetch(make_user_request(github, granted->token));
  ASSERT_TRUE(who);
  EXPECT_EQ(read_user_reply(*who, github)->login, "ada-page");
  const Result<UpstreamReply> gone = fetch(make_revoke_request(github, site, granted->token));
  ASSERT_TRUE(gone);
  EXPECT_TRUE(read_revoke_reply(*gone));
  EXPECT_EQ(stand_in->live_tokens(), 0);
}

TEST_F(GithubClientTest, SendsABodyInChunksWhenToldTo) {
  github.url = stand_in->url();  // what plays faults reads no chunks
  const GithubClient client(upstream, github);
  const BlockingFetch fetch = client.begin_waiting();
  for (int i = 0; i < 2; ++i) {  // the second over the connection of the first
    UpstreamRequest request = token_request();
    request.headers.push_back({"Transfer-Encoding", "chunked"});
    const Result<UpstreamReply> reply = fetch(request);
    ASSERT_TRUE(reply) << name(reply.error());
    EXPECT_TRUE(read_token_reply(*reply)) << reply->body;
  }
  EXPECT_EQ(stand_in->live_tokens(), 2);
}

TEST_F(GithubClientTest, GivesTheRepliesOfSeveralCallsInOrderWithinOneBudget) {
  const GithubClient client(upstream, github, {.login = std::chrono::milliseconds(1000)});
  ASSERT_TRUE(stand_in->arm_fault("repository", "silent", 2));
  const auto ask = [this](RuleKind kind, const char* name) {
    return make_public_request(github, site, {.kind = kind, .name = name});
  };
  std::promise<std::vector<Result<UpstreamReply>>> got;
  ASSERT_TRUE(upstream.post([&] {
    fetch_all(client.begin_login(),
              {ask(RuleKind::kOrganization, "acme"), ask(RuleKind::kPush, "acme/site"),
               ask(RuleKind::kOrganization, "nowhere"), ask(RuleKind::kTeam, "globex/writers")},
              [&](std::vector<Result<UpstreamReply>> all) { got.set_value(std::move(all)); });
  }));
  const std::vector<Result<UpstreamReply>> replies = got.get_future().get();
  ASSERT_EQ(replies.size(), 4U);
  ASSERT_TRUE(replies.at(0) && replies.at(2) && replies.at(3));
  EXPECT_EQ(replies.at(0)->status, 200);
  EXPECT_NE(replies.at(0)->body.find(R"("login":"acme")"), std::string::npos);
  EXPECT_EQ(replies.at(2)->status, 404);
  EXPECT_NE(replies.at(3)->body.find(R"("login":"globex")"), std::string::npos);
  ASSERT_FALSE(replies.at(1));
  EXPECT_EQ(replies.at(1).error(), Error::kUpstreamTimeout);
}

TEST_F(GithubClientTest, LearnsOfAWrongSecretWithoutAVisitor) {
  const GithubClient client(upstream, github);
  const Result<UpstreamReply> good = client.begin_waiting()(make_probe_request(github, site));
  ASSERT_TRUE(good);
  EXPECT_TRUE(read_probe_reply(*good));
  site.client_secret = Secret("wrong");
  const Result<UpstreamReply> bad = client.begin_waiting()(make_probe_request(github, site));
  ASSERT_TRUE(bad);
  EXPECT_EQ(read_probe_reply(*bad).error(), Error::kProxyMisconfigured);
}

TEST_F(GithubClientTest, NamesEveryFaultWithinItsTime) {
  const GithubTimes times{.login = std::chrono::milliseconds(1000),
                          .connect = std::chrono::milliseconds(500),
                          .revocation = std::chrono::milliseconds(500)};
  for (const std::string_view fault : stand_in_faults()) {
    const GithubClient client(upstream, github, times);
    ASSERT_TRUE(stand_in->arm_fault("token", fault)) << fault;
    const int before = stand_in->hits("token");
    const Result<UpstreamReply> reply = client.begin_waiting()(token_request());
    EXPECT_LE(stand_in->hits("token"), before + 1) << fault;
    if (reply) {
      EXPECT_LE(reply->body.size(), kUpstreamBodyMax) << fault;
    } else {
      EXPECT_GE(http_status(reply.error()), 502) << fault;
    }
  }
}

TEST_F(GithubClientTest, CutsALongAnswerOfAPageAlone) {
  for (const char* fault : {"body_256k", "chunked_256k"}) {
    for (const bool is_page : {false, true}) {
      const GithubClient client(upstream, github);
      ASSERT_TRUE(stand_in->arm_fault("token", fault));
      UpstreamRequest request = token_request();
      request.is_page = is_page;
      const Result<UpstreamReply> reply = client.begin_waiting()(request);
      ASSERT_EQ(static_cast<bool>(reply), is_page) << fault;
      if (reply) {
        EXPECT_TRUE(reply->is_cut && reply->body.size() == kUpstreamBodyMax) << fault;
      } else {
        EXPECT_EQ(reply.error(), Error::kUpstreamInvalid) << fault;
      }
    }
  }
}

TEST_F(GithubClientTest, ReadsACodedAnswerOfAPageAlone) {
  for (const bool is_page : {false, true}) {
    const GithubClient client(upstream, github);
    ASSERT_TRUE(stand_in->arm_fault("token", "gzip_body"));
    UpstreamRequest request = token_request();
    request.is_page = is_page;
    const Result<UpstreamReply> reply = client.begin_waiting()(request);
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->body.starts_with("\x1f\x8b"), !is_page);
    EXPECT_EQ(reply->is_cut, is_page) << "few bytes that are more than a page once decoded";
    EXPECT_LE(reply->body.size(), kUpstreamBodyMax);
  }
}

TEST(GithubClient, FindsNobodyAtADeadPort) {
  UpstreamThread upstream;
  GithubSettings github;
  github.url = "http://127.0.0.1:1";
  const GithubClient client(upstream, github);
  const Result<UpstreamReply> reply = client.begin_waiting()(make_probe_request(github, Site()));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error(), Error::kUpstreamUnreachable);
}

TEST(GithubClient, SpeaksPlainHttpToLoopbackOnly) {
  UpstreamThread upstream;
  GithubSettings github;
  github.url = "http://192.0.2.1";
  const GithubClient client(upstream, github);
  const Result<UpstreamReply> reply = client.begin_waiting()(make_probe_request(github, Site()));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error(), Error::kUpstreamInvalid);
}

TEST(GithubClient, SpendsNoTimeOnceTheBudgetIsGone) {
  UpstreamThread upstream;
  const GithubClient client(upstream, {}, {.login = std::chrono::milliseconds(0)});
  const Result<UpstreamReply> reply = client.begin_waiting()(make_probe_request({}, Site()));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error(), Error::kUpstreamTimeout);
}

}  // namespace
}  // namespace portero
