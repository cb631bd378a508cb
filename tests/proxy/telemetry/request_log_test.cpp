#include "proxy/telemetry/request_log.h"

#include <gtest/gtest.h>

#include "proxy/app/routes.h"
#include "proxy/base/json.h"
#include "proxy/telemetry/log.h"
#include "tests/proxy/captured_stderr.h"

namespace portero {
namespace {

class RequestLogTest : public ::testing::Test {
 protected:
  RequestLogTest() { start_log({.level = "info", .format = "json"}); }
  ~RequestLogTest() override { start_log({}); }

  static Request make_request(std::string method) {
    Request request;
    request.id = "00112233aabbccdd";
    request.client = "203.0.113.7";
    request.method = std::move(method);
    request.target = "/v1/session";
    request.route =
        match_route(routes(), Listener::kVisitors, request.method, request.target).route;
    request.origin = "https://page.example";
    request.cookies = "a=sealed-canary";
    request.authorization = "DPoP session-canary";
    request.dpop = "proof-canary";
    request.body = R"({"code":"code-canary"})";
    return request;
  }
  /// The lines this outcome writes, parsed; none of them shows a canary.
  std::vector<Json> lines_of(const Request& request, const Outcome& outcome) {
    const CapturedStderr captured;
    log_request(request, outcome, metrics);
    EXPECT_EQ(captured.text().find("canary"), std::string::npos);
    std::vector<Json> parsed;
    for (const std::string& line : captured.lines()) {
      const Result<Json> json = read_json(line, 4096, 2);
      EXPECT_TRUE(json) << line;
      if (json) parsed.push_back(*json);
      if (json) parsed.back().erase("time");
    }
    return parsed;
  }
  bool counted(const std::string& series) const {
    return metrics.text().find("\n" + series + " 1\n") != std::string::npos;
  }

  Metrics metrics;
};
using RequestLog = RequestLogTest;

TEST_F(RequestLog, OfALoginSaysWhoFromWhichPageAndAddress) {
  Outcome outcome;
  outcome.subject = 583231;
  EXPECT_EQ(lines_of(make_request("POST"), outcome),
            std::vector<Json>({{{"level", "info"},
                                {"event", "login_succeeded"},
                                {"request", "00112233aabbccdd"},
                                {"origin", "https://page.example"},
                                {"address", "203.0.113.7"},
                                {"subject", "583231"}}}));
  EXPECT_TRUE(counted(R"(portero_logins_total{outcome="succeeded"})"));
}

TEST_F(RequestLog, OfARefusedLoginSaysWhyAndWarnsWhenItIsNotTheVisitorsFault) {
  struct Case {
    Error error;
    std::string level;
  };
  for (const Case& c : {Case{Error::kCodeRejected, "info"}, Case{Error::kUpstreamTls, "warning"},
                        Case{Error::kProxyMisconfigured, "warning"}}) {
    Outcome outcome;
    outcome.refused = c.error;
    EXPECT_EQ(lines_of(make_request("POST"), outcome),
              std::vector<Json>({{{"level", c.level},
                                  {"event", "login_failed"},
                                  {"request", "00112233aabbccdd"},
                                  {"origin", "https://page.example"},
                                  {"address", "203.0.113.7"},
                                  {"reason", name(c.error)}}}));
    EXPECT_TRUE(counted("portero_logins_total{outcome=\"" + std::string(name(c.error)) + "\"}"));
  }
}

TEST_F(RequestLog, OfASignOutSaysWhoAndOfOneWithoutASessionNothing) {
  Outcome outcome;
  outcome.session = SessionFound::kExpired;
  EXPECT_TRUE(lines_of(make_request("DELETE"), outcome).empty());
  outcome.session = SessionFound::kOpened;
  outcome.subject = 583231;
  EXPECT_EQ(lines_of(make_request("DELETE"), outcome),
            std::vector<Json>({{{"level", "info"},
                                {"event", "session_signed_out"},
                                {"request", "00112233aabbccdd"},
                                {"origin", "https://page.example"},
                                {"address", "203.0.113.7"},
                                {"subject", "583231"}}}));
}

TEST_F(RequestLog, OfAskingWhoIsSignedInIsCountedAndNotLogged) {
  Outcome outcome;
  for (const SessionFound found : {SessionFound::kOpened, SessionFound::kInvalid}) {
    outcome.session = found;
    EXPECT_TRUE(lines_of(make_request("GET"), outcome).empty());
  }
  EXPECT_TRUE(counted("portero_sessions_opened_total"));
  EXPECT_TRUE(counted(R"(portero_sessions_refused_total{reason="invalid"})"));
}

TEST_F(RequestLog, OfARefusedProofSaysWhatWasWrongWithItUnlessItsNonceHadRunOut) {
  Outcome outcome;
  outcome.refused = Error::kNoSession;
  outcome.session = SessionFound::kProof;
  outcome.proof_fault = "signature";
  EXPECT_EQ(lines_of(make_request("GET"), outcome),
            std::vector<Json>({{{"level", "info"},
                                {"event", "proof_refused"},
                                {"request", "00112233aabbccdd"},
                                {"origin", "https://page.example"},
                                {"address", "203.0.113.7"},
                                {"reason", "signature"}}}));
  EXPECT_TRUE(counted(R"(portero_sessions_refused_total{reason="proof"})"));
  const std::vector<Json> of_a_login = lines_of(make_request("POST"), outcome);
  ASSERT_EQ(of_a_login.size(), 2U);
  EXPECT_EQ(of_a_login[0]["event"], "proof_refused");
  EXPECT_EQ(of_a_login[1]["reason"], "no_session");
  outcome.refused = Error::kUseDpopNonce;
  outcome.session = SessionFound::kNonce;
  outcome.proof_fault = "nonce";
  EXPECT_TRUE(lines_of(make_request("GET"), outcome).empty());
  EXPECT_TRUE(counted(R"(portero_sessions_refused_total{reason="nonce"})"));
}

TEST_F(RequestLog, OfEachCallToGitHubIsCountedByWhatItBrought) {
  int asked = 0;
  const Fetch fetch = with_metrics(
      [&asked](const UpstreamRequest&, const Then& then) {
        if (++asked == 1) return then(Error::kUpstreamTimeout);
        then(UpstreamReply{.status = 204, .headers = {}, .body = {}});
      },
      metrics);
  const UpstreamRequest revoke{
      .method = {}, .url = {}, .headers = {}, .body = {}, .call = GithubCall::kRevoke};
  fetch(revoke, [](const Result<UpstreamReply>& reply) {
    EXPECT_EQ(reply.error(), Error::kUpstreamTimeout);
  });
  fetch(revoke, [](const Result<UpstreamReply>& reply) { EXPECT_EQ(reply->status, 204); });
  EXPECT_EQ(asked, 2);
  EXPECT_TRUE(
      counted(R"(portero_upstream_seconds_count{call="revoke",result="upstream_timeout"})"));
  EXPECT_TRUE(counted(R"(portero_upstream_seconds_count{call="revoke",result="2xx"})"));
}

}  // namespace
}  // namespace portero
