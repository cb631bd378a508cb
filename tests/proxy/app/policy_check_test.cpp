// GET /v1/check/{policy}: who may pass, by the session in the cookie and the settings alone.
#include "proxy/app/policy_check.h"

#include <gtest/gtest.h>

#include "proxy/session/lifetime.h"
#include "tests/proxy/app/one_page.h"

namespace portero {
namespace {

constexpr std::int64_t kVisitor = 583231;
constexpr std::string_view kOtherPage = "https://other.example";

const Rule kTeam{RuleKind::kTeam, "acme/writers"};
const Rule kOrganization{RuleKind::kOrganization, "acme"};

/// A proxy with two pages and four policies, asked by a web server.
class PolicyCheck : public ::testing::Test {
 protected:
  PolicyCheck() {
    settings.sites = {make_site(kPage, "https://page.example/"),
                      make_site(kOtherPage, "https://other.example/")};
    settings.policies = {
        {.name = "readers", .origin = std::string(kPage), .is_for_all = true},
        {.name = "staff", .origin = std::string(kPage), .rules = {kOrganization, kTeam}},
        {.name = "one", .origin = std::string(kPage), .users = {kVisitor}},
        {.name = "recent",
         .origin = std::string(kPage),
         .is_for_all = true,
         .max_age = std::chrono::hours(1)},
        {.name = "others", .origin = std::string(kOtherPage), .site = 1, .is_for_all = true}};
    sort_policies(settings.policies);
    keys = make_one_key();
    for (const Policy& policy : settings.policies) {
      counters.push_back(&metrics.checks_of(policy.name));
    }
  }

  [[nodiscard]] Session make_session() const {
    Session session;
    session.iss = settings.github.issuer;
    session.aud = kPage;
    session.sid = "sid";
    session.auth_time = session.iat = kNow - 2 * kHour;
    session.exp = expiry(settings.session, session.auth_time, session.iat);
    session.user.id = kVisitor;
    session.user.login = "octocat";
    return session;
  }
  [[nodiscard]] std::string cookie(const Session& session) const {
    return cookie_line(*seal_session(session, keys.keys[0]), session.aud);
  }
  [[nodiscard]] Session with_answers(Holds organization, Holds team) const {
    Session session = make_session();
    add_answer(kOrganization, organization, session.groups);
    add_answer(kTeam, team, session.groups);
    return session;
  }

  Answer ask(std::string_view policy, const std::string& cookies, std::string target = "") {
    Request request;
    request.method = "GET";
    request.target = target.empty() ? "/v1/check/" + std::string(policy) : std::move(target);
    request.cookies = cookies;
    request.route =
        match_route(routes(), Listener::kInternal, "GET", path_of(request.target)).route;
    const AppContext app{settings, keys, signed_out, admission, metrics, true, counters};
    Answer answer = respond(request, app, kNow);
    if (answer.outcome.check) metrics.policy_checked(*answer.outcome.check);
    return answer;
  }
  std::string said(std::string_view policy, const std::string& cookies) {
    const Answer answer = ask(policy, cookies);
    const Json document = answer.response.body.empty() ? Json() : body(answer);
    const std::string* reason = find_string(document, "reason");
    return code(answer) + (reason == nullptr ? "" : " " + *reason);
  }
  [[nodiscard]] bool counts(std::string_view policy, std::string_view result, int times) const {
    return metrics.text().find("portero_checks_total{policy=\"" + std::string(policy) +
                               "\",result=\"" + std::string(result) + "\"} " +
                               std::to_string(times) + "\n") != std::string::npos;
  }

  Settings settings;
  KeyRing keys;
  SignedOut signed_out;
  Admission admission;
  Metrics metrics;
  std::vector<CheckCounters*> counters;
};

TEST_F(PolicyCheck, LetsInWithEveryIdentityHeaderAndNothingElse) {
  Session session = with_answers(Holds::kYes, Holds::kNo);
  session.user.name = "Öctocat";
  const Answer answer = ask("staff", cookie(session));
  EXPECT_EQ(answer.response.status, 200);
  EXPECT_TRUE(answer.response.headers.empty());
  EXPECT_EQ(answer.response.body, "");
  EXPECT_EQ(answer.response.lines,
            "X-Auth-Request-User: octocat\r\n"
            "X-Auth-Request-User-Id: 583231\r\n"
            "X-Auth-Request-Preferred-Username: octocat\r\n"
            "X-Auth-Request-Name: %C3%96ctocat\r\n"
            "X-Auth-Request-Email: \r\n"
            "X-Auth-Request-Groups: acme\r\n");
}

TEST_F(PolicyCheck, LetsInByEachPolicyItsOwn) {
  const std::string visitor = cookie(make_session());
  EXPECT_EQ(said("readers", visitor), "200");
  EXPECT_EQ(said("one", visitor), "200");
  EXPECT_EQ(said("staff", cookie(with_answers(Holds::kNo, Holds::kYes))), "200");
  EXPECT_TRUE(counts("readers", "allowed", 1));
  EXPECT_TRUE(counts("staff", "allowed", 1));
}

TEST_F(PolicyCheck, TellsApartWhyItLetsNobodyIn) {
  EXPECT_EQ(said("staff", cookie(with_answers(Holds::kNo, Holds::kNo))), "not_allowed no_rule");
  EXPECT_EQ(said("staff", cookie(with_answers(Holds::kHidden, Holds::kNo))), "not_allowed hidden");
  EXPECT_EQ(said("staff", cookie(make_session())), "too_old");  // nothing was asked then
  EXPECT_EQ(said("recent", cookie(make_session())), "too_old");
  EXPECT_EQ(said("recent", ""), "no_session");
  Session stranger = make_session();
  stranger.user.id = kVisitor + 1;
  EXPECT_EQ(said("one", cookie(stranger)), "not_allowed no_rule");
  EXPECT_TRUE(counts("staff", "no_rule", 1) && counts("staff", "hidden", 1));
  EXPECT_TRUE(counts("staff", "too_old", 1) && counts("recent", "no_session", 1));
}

TEST_F(PolicyCheck, KnowsNoOtherPolicy) {
  EXPECT_EQ(said("stuff", cookie(make_session())), "not_found");
  EXPECT_EQ(said("STAFF", cookie(make_session())), "not_found");
  EXPECT_EQ(said("%73taff", cookie(make_session())), "not_found");
}

TEST_F(PolicyCheck, JudgesASessionAsThePageIsToldOfIt) {
  const Session session = make_session();
  EXPECT_EQ(said("readers", cookie(session)), "200");
  settings.session.not_before = Timestamp(std::chrono::seconds(kNow - kHour));
  EXPECT_EQ(said("readers", cookie(session)), "no_session");
  settings.session = {};
  settings.session.subjects_not_before[kVisitor] = Timestamp(std::chrono::seconds(kNow - kHour));
  EXPECT_EQ(said("readers", cookie(session)), "no_session");
  settings.session = {};
  settings.session.lifetime = std::chrono::hours(1);
  EXPECT_EQ(said("readers", cookie(session)), "no_session");
  settings.session = {};
  Session over = session;
  over.exp = kNow;
  EXPECT_EQ(said("readers", cookie(over)), "no_session");
  signed_out.add(session.sid, session.exp, kNow);
  EXPECT_EQ(said("readers", cookie(session)), "no_session");
}

TEST_F(PolicyCheck, TakesTheSessionOfItsOwnPageInACookieAndNoOther) {
  Session elsewhere = make_session();
  elsewhere.aud = kOtherPage;
  EXPECT_EQ(said("others", cookie(elsewhere)), "200");
  EXPECT_EQ(said("readers", cookie(elsewhere)), "no_session");
  // The other page's session under this page's name.
  EXPECT_EQ(said("readers", cookie_line(*seal_session(elsewhere, keys.keys[0]), kPage)),
            "no_session");
  Session bound = make_session();
  bound.jkt = std::string(43, 'k');
  EXPECT_EQ(said("readers", cookie(bound)), "no_session");
  Session foreign = make_session();
  foreign.iss = "https://github.example";
  EXPECT_EQ(said("readers", cookie(foreign)), "no_session");
  const std::string twice = cookie(make_session()) + "; " + cookie(make_session());
  EXPECT_EQ(said("readers", twice), "no_session");
}

TEST_F(PolicyCheck, SetsNoCookieAndAsksForNoPassword) {
  settings.session.idle = std::chrono::hours(3);  // a page's call would be renewed
  const std::string twice = cookie(make_session()) + "; " + cookie(make_session());
  for (const std::string& cookies : {cookie(make_session()), std::string(), twice}) {
    for (const char* policy : {"readers", "staff", "recent", "none"}) {
      const Answer answer = ask(policy, cookies);
      EXPECT_EQ(find_header(answer.response.headers, "Set-Cookie"), nullptr);
      EXPECT_EQ(find_header(answer.response.headers, "WWW-Authenticate"), nullptr);
      EXPECT_FALSE(answer.afterwards);
    }
  }
}

TEST_F(PolicyCheck, IgnoresItsQuery) {
  const std::string visitor = cookie(make_session());
  EXPECT_EQ(ask("", visitor, "/v1/check/readers?policy=staff&a=/../b").response.status, 200);
  EXPECT_EQ(code(ask("", visitor, "/v1/check/none?readers")), "not_found");
}

TEST_F(PolicyCheck, IsForTheInternalListenerAlone) {
  EXPECT_EQ(match_route(routes(), Listener::kVisitors, "GET", "/v1/check/readers").route, nullptr);
  EXPECT_EQ(match_route(routes(), Listener::kVisitors, "GET", "/v1/check/readers").allow, "");
}

TEST_F(PolicyCheck, CountsGroupsThatDoNotFitAndStillLetsIn) {
  Session session = with_answers(Holds::kYes, Holds::kYes);
  for (int i = 0; i < 60; ++i) {
    session.groups.held.push_back("acme/" + std::string(25, 'x') + std::to_string(i));
  }
  EXPECT_EQ(said("staff", cookie(session)), "200");
  EXPECT_NE(metrics.text().find("portero_check_groups_cut_total 1\n"), std::string::npos);
}

}  // namespace
}  // namespace portero
