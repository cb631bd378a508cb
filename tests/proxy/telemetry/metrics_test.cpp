#include "proxy/telemetry/metrics.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace portero {
namespace {

using std::chrono::milliseconds;

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

UpstreamReply make_reply(int status) { return {.status = status, .headers = {}, .body = {}}; }

void call(Metrics& metrics, GithubCall call, const Result<UpstreamReply>& reply,
          milliseconds took = milliseconds(1)) {
  metrics.upstream_called(call, reply, took);
}

TEST(Metrics, CountEachEventUnderItsName) {
  struct Case {
    std::string line;
    void (*event)(Metrics&);
  };
  const std::vector<Case> cases = {
      {R"(portero_logins_total{outcome="succeeded"})", [](Metrics& m) { m.login_ended({}); }},
      {R"(portero_logins_total{outcome="code_rejected"})",
       [](Metrics& m) { m.login_ended(Error::kCodeRejected); }},
      {R"(portero_upstream_seconds_count{call="token",result="2xx"})",
       [](Metrics& m) { call(m, GithubCall::kToken, make_reply(200)); }},
      {R"(portero_upstream_seconds_count{call="user",result="4xx"})",
       [](Metrics& m) { call(m, GithubCall::kUser, make_reply(403)); }},
      {R"(portero_upstream_seconds_count{call="emails",result="4xx"})",
       [](Metrics& m) { call(m, GithubCall::kEmails, make_reply(404)); }},
      {R"(portero_upstream_seconds_count{call="organization",result="2xx"})",
       [](Metrics& m) { call(m, GithubCall::kOrganization, make_reply(200)); }},
      {R"(portero_upstream_seconds_count{call="team",result="4xx"})",
       [](Metrics& m) { call(m, GithubCall::kTeam, make_reply(404)); }},
      {R"(portero_upstream_seconds_count{call="repository",result="3xx"})",
       [](Metrics& m) { call(m, GithubCall::kRepository, make_reply(301)); }},
      {R"(portero_upstream_seconds_count{call="revoke",result="upstream_timeout"})",
       [](Metrics& m) { call(m, GithubCall::kRevoke, Error::kUpstreamTimeout); }},
      {"portero_revocations_failed_total", [](Metrics& m) { m.revocation_failed(); }},
      {"portero_sessions_opened_total",
       [](Metrics& m) { m.session_checked(SessionFound::kOpened); }},
      {R"(portero_sessions_refused_total{reason="none"})",
       [](Metrics& m) { m.session_checked(SessionFound::kNone); }},
      {R"(portero_sessions_refused_total{reason="not_before"})",
       [](Metrics& m) { m.session_checked(SessionFound::kNotBefore); }},
      {R"(portero_sessions_refused_total{reason="proof"})",
       [](Metrics& m) { m.session_checked(SessionFound::kProof); }},
      {R"(portero_sessions_refused_total{reason="nonce"})",
       [](Metrics& m) { m.session_checked(SessionFound::kNonce); }},
      {R"(portero_checks_total{policy="staff",result="no_rule"})",
       [](Metrics& m) {
         m.policy_checked({CheckResult::kNoRule, &m.checks_of("staff")});
       }},
      {R"(portero_checks_total{policy="staff",result="allowed"})",
       [](Metrics& m) {
         m.policy_checked({CheckResult::kAllowed, &m.checks_of("staff")});
       }},
      {"portero_check_groups_cut_total", [](Metrics& m) { (void)m.groups_cut(); }},
      {R"(portero_gate_refusals_total{reason="bad_request"})",
       [](Metrics& m) { m.gate_refused(Error::kBadRequest); }},
      {R"(portero_gate_refusals_total{reason="connections_per_address"})",
       [](Metrics& m) { m.gate_refused(GateRefusal::kConnectionsPerAddress); }},
      {R"(portero_answers_total{class="4xx",lane="loop"})",
       [](Metrics& m) { m.answered(Lane::kLoop, 431); }},
      {R"(portero_answers_total{class="3xx",lane="loop"})",
       [](Metrics& m) { m.answered(Lane::kLoop, 304); }},
      {R"(portero_answers_total{class="2xx",lane="login"})",
       [](Metrics& m) { m.answered(Lane::kLogin, 201); }},
      {"portero_connections_accepted_total", [](Metrics& m) { m.connection_accepted(); }},
      {R"(portero_reloads_total{result="ok"})", [](Metrics& m) { m.reloaded(true); }},
      {R"(portero_reloads_total{result="refused"})", [](Metrics& m) { m.reloaded(false); }},
      {"portero_log_lines_suppressed_total", [](Metrics& m) { m.lines_suppressed(1); }},
      {"portero_log_lines_lost_total", [](Metrics& m) { m.lines_lost(1); }},
  };
  for (const Case& c : cases) {
    Metrics metrics;
    EXPECT_FALSE(has_line(metrics.text(), c.line + " 1")) << c.line;
    c.event(metrics);
    EXPECT_TRUE(has_line(metrics.text(), c.line + " 1")) << c.line << '\n' << metrics.text();
  }
}

TEST(Metrics, ShowLevelsAsTheyWereSetLast) {
  Metrics metrics;
  metrics.set_login_lane({.queued = 7, .running = 5});
  metrics.set_connections(10000);
  metrics.set_keys(2, 1767225600);
  const std::string text = metrics.text();
  for (const char* line :
       {R"(portero_lane_jobs_queued{lane="login"} 7)",
        R"(portero_lane_jobs_running{lane="login"} 5)", "portero_connections_open 10000",
        "portero_session_keys 2", "portero_sealing_key_start_timestamp_seconds 1767225600"}) {
    EXPECT_TRUE(has_line(text, line)) << line << '\n' << text;
  }
}

TEST(Metrics, PutALatencyInItsBucketAndEverySlowerOne) {
  Metrics metrics;
  call(metrics, GithubCall::kUser, make_reply(200), milliseconds(300));
  const std::string text = metrics.text();
  const std::string series = R"(portero_upstream_seconds_bucket{call="user",result="2xx",le=)";
  EXPECT_TRUE(has_line(text, series + "\"0.2\"} 0")) << text;
  EXPECT_TRUE(has_line(text, series + "\"0.4\"} 1")) << text;
  EXPECT_TRUE(has_line(text, series + "\"+Inf\"} 1")) << text;
}

TEST(Metrics, CountWhatHappensOnManyThreads) {
  constexpr int kThreads = 4;
  constexpr int kEvents = 2000;
  Metrics metrics;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&metrics] {
      for (int n = 0; n < kEvents; ++n) {
        metrics.answered(Lane::kLoop, 200);
        call(metrics, GithubCall::kToken, Error::kUpstreamTls);
        if (n % 500 == 0) (void)metrics.text();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::string text = metrics.text();
  EXPECT_TRUE(has_line(text, R"(portero_answers_total{class="2xx",lane="loop"} 8000)")) << text;
  EXPECT_TRUE(
      has_line(text, R"(portero_upstream_seconds_count{call="token",result="upstream_tls"} 8000)"));
}

/// However much happens, the text has a bound: no label comes from the wire.
TEST(Metrics, HaveABoundedNumberOfSeries) {
  Metrics metrics;
  for (const Error error : all_errors()) {
    metrics.login_ended(error);
    metrics.gate_refused(error);
    for (const GithubCall asked :
         {GithubCall::kToken, GithubCall::kUser, GithubCall::kEmails, GithubCall::kRevoke,
          GithubCall::kOrganization, GithubCall::kTeam, GithubCall::kRepository}) {
      call(metrics, asked, error);
    }
  }
  for (int status = 0; status < 1000; ++status) metrics.answered(Lane::kLoop, status);
  EXPECT_LT(metrics.text().size(), std::size_t{512} * 1024);
}

}  // namespace
}  // namespace portero
