// Sessions carried by a key (docs/protocol.md, "A session by key"), asked for as a page of another
// site would.
#include "proxy/app/page_call.h"

#include <gtest/gtest.h>

#include "proxy/session/lifetime.h"
#include "proxy/session/nonce.h"
#include "proxy/telemetry/log.h"
#include "proxy/telemetry/request_log.h"
#include "tests/proxy/app/one_page.h"
#include "tests/proxy/captured_stderr.h"
#include "tests/proxy/session/prover.h"

namespace portero {
namespace {

constexpr std::int64_t kWeek = 7 * 24 * kHour;
constexpr std::string_view kElsewhere = "https://name.github.io";
constexpr std::string_view kPublicUrl = "https://login.example";

/// A proxy whose page lives elsewhere, and a GitHub where everybody is octocat.
class KeyMode : public ::testing::Test {
 protected:
  KeyMode() {
    settings.sites = {make_site(kElsewhere, "https://name.github.io/app/")};
    settings.public_url = kPublicUrl;
    keys = make_one_key();
  }

  static Request make_request(std::string method, std::string target = "/v1/session") {
    Request request = make_call(std::move(method), kElsewhere, "login.example");
    request.target = std::move(target);
    request.sec_fetch_site = "cross-site";
    return request;
  }

  Answer ask(const Request& request, std::int64_t now = kNow) {
    const AppContext app{settings, keys, signed_out, admission, metrics};
    const BlockingFetch github = [this](const UpstreamRequest& asked) -> Result<UpstreamReply> {
      ++asked_of_github;
      const bool is_token = asked.method == "POST";
      return UpstreamReply{.status = 200, .headers = {}, .body = is_token ? kToken : kUser};
    };
    return answer_at_once(through_gate(request, settings), app, github, now);
  }

  /// The claims of a proof for `request`, as an honest page makes it at `now`.
  [[nodiscard]] Json claims_for(const Request& request, std::int64_t now = kNow) const {
    const std::string session =
        request.authorization && request.method != "POST" ? request.authorization->substr(5) : "";
    return make_claims(request.method, std::string(kPublicUrl) + request.target,
                       *make_nonce(keys, now), session);
  }
  Answer ask_proven(Request request, std::int64_t now = kNow) {
    request.dpop = prover.prove(claims_for(request, now));
    return ask(request, now);
  }
  Answer ask_with(const std::string& session, std::string method = "GET", std::int64_t now = kNow) {
    Request request = make_request(std::move(method));
    request.authorization = "DPoP " + session;
    return ask_proven(request, now);
  }
  std::string sign_in() { return body(ask_proven(make_request("POST")))["session"]; }

  [[nodiscard]] Result<Session> open(const std::string& session, std::int64_t now = kNow) const {
    return open_session(session, keys,
                        {.iss = settings.github.issuer, .aud = kElsewhere, .jkt = jkt()}, now);
  }
  [[nodiscard]] std::string jkt() const {
    return verify_proof(prover.prove(make_claims("GET", "u", *make_nonce(keys, kNow), "")),
                        {.htm = "GET", .htu = "u", .session = {}}, keys, kNow)
        .jkt;
  }

  static bool sets_cookie(const Answer& answer) {
    return find_header(answer.response.headers, "Set-Cookie") != nullptr;
  }

  Settings settings;
  KeyRing keys;
  SignedOut signed_out;
  Admission admission;
  Metrics metrics;
  Prover prover;
  int asked_of_github = 0;
};

TEST_F(KeyMode, IsHowAPageOfAnotherSiteIsToldToCarry) {
  Request request = make_request("GET", "/v1/config");
  request.x_portero.reset();
  const Answer answer = ask(request);
  EXPECT_EQ(answer.response.body,
            R"({"v":1,"client_id":"id","authorize_url":"https://github.com/login/oauth/authorize",)"
            R"("issuer":"https://github.com/login/oauth",)"
            R"("redirect_uri":"https://name.github.io/app/","scope":"","carry":"key","nonce":")" +
                *make_nonce(keys, kNow) + "\"}");
  EXPECT_EQ(*find_header(answer.response.headers, "Cache-Control"), "no-store");
  request.sec_fetch_site.reset();  // a browser that sends none: Host is not the page's
  EXPECT_EQ(body(ask(request))["carry"], "key");
  request.sec_fetch_site = "same-site";
  EXPECT_EQ(body(ask(request))["carry"], "cookie");
  EXPECT_FALSE(body(ask(request)).contains("nonce"));
}

TEST_F(KeyMode, IsOffWhereTheOperatorSaysSoOrNamesNoAddress) {
  for (const bool by_setting : {true, false}) {
    settings.sites[0].cross_site = !by_setting;
    settings.public_url = by_setting ? kPublicUrl : "";
    EXPECT_EQ(body(ask(make_request("GET", "/v1/config")))["carry"], "off");
    EXPECT_EQ(code(ask_proven(make_request("POST"))), "cross_site_off");
    EXPECT_EQ(ask(make_request("GET")).response.body, R"({"v":1,"user":null,"reason":"none"})");
    EXPECT_EQ(ask(make_request("DELETE")).response.status, 204);
  }
  EXPECT_EQ(asked_of_github, 0);
}

TEST_F(KeyMode, SignsInWithTheSessionInTheAnswerAndNoCookie) {
  const Answer answer = ask_proven(make_request("POST"));
  EXPECT_EQ(answer.response.status, 201);
  EXPECT_TRUE(answer.afterwards) << "the token is revoked";
  EXPECT_FALSE(sets_cookie(answer));
  const Json said = body(answer);
  EXPECT_EQ(said.size(), 5U);
  EXPECT_EQ(said["v"], 1);
  EXPECT_EQ(said["user"]["login"], "octocat");
  EXPECT_EQ(said["expires_at"], "2026-01-08T00:00:00Z");
  EXPECT_EQ(said["nonce"], *make_nonce(keys, kNow));
  EXPECT_EQ(open(said["session"])->jkt, jkt());
}

TEST_F(KeyMode, RemembersWhoSignedIn) {
  const Answer answer = ask_with(sign_in());
  EXPECT_EQ(answer.response.status, 200);
  EXPECT_EQ(answer.outcome.session, SessionFound::kOpened);
  const Json said = body(answer);
  EXPECT_EQ(said.size(), 4U) << "v, user, expires_at and nonce";
  EXPECT_EQ(said["user"]["login"], "octocat");
  EXPECT_EQ(said["expires_at"], "2026-01-08T00:00:00Z");
}

TEST_F(KeyMode, AsksForNoProofWhereNobodySaysWhoTheyAre) {
  const Answer answer = ask(make_request("GET"));
  EXPECT_EQ(answer.response.body,
            R"({"v":1,"user":null,"reason":"none","nonce":")" + *make_nonce(keys, kNow) + "\"}");
  EXPECT_EQ(answer.outcome.session, SessionFound::kNone);
  Request proof_alone = make_request("GET");
  proof_alone.dpop = "nothing";
  EXPECT_EQ(body(ask(proof_alone))["reason"], "none");
  EXPECT_EQ(ask(make_request("DELETE")).response.status, 204);
}

TEST_F(KeyMode, RefusesASignInWithoutAGoodProofBeforeGithubHearsOfIt) {
  const auto refuses = [this](const std::string& expected, std::string_view fault, auto change) {
    Request request = make_request("POST");
    Json claims = claims_for(request);
    change(request, claims);
    if (!request.dpop) request.dpop = prover.prove(claims);
    if (request.dpop->empty()) request.dpop.reset();
    const Answer answer = ask(request);
    EXPECT_EQ(code(answer), expected);
    EXPECT_EQ(answer.outcome.proof_fault, fault);
    EXPECT_EQ(body(answer)["nonce"], *make_nonce(keys, kNow));
    EXPECT_FALSE(answer.afterwards);
  };
  refuses("no_session", "absent", [](Request& r, Json&) { r.dpop = ""; });
  refuses("no_session", "form", [](Request& r, Json&) { r.dpop = "x"; });
  refuses("no_session", "method", [](Request&, Json& c) { c["htm"] = "GET"; });
  refuses("no_session", "url", [](Request&, Json& c) { c["htu"] = "https://evil.example/"; });
  refuses("proxy_misconfigured", "proxy",
          [](Request&, Json& c) { c["htu"] = "https://evil.example/v1/session"; });
  refuses("no_session", "session", [](Request&, Json& c) { c["ath"] = "x"; });
  refuses("use_dpop_nonce", "nonce", [](Request&, Json& c) { c["nonce"] = "old"; });
  refuses("use_dpop_nonce", "nonce",
          [this](Request&, Json& c) { c["nonce"] = *make_nonce(keys, kNow - 600); });
  refuses("use_dpop_nonce", "nonce",
          [this](Request&, Json& c) { c["nonce"] = *make_nonce(keys, kNow + 300); });
  EXPECT_EQ(asked_of_github, 0) << "no code was spent";
}

TEST_F(KeyMode, RefusesASessionWithoutItsKey) {
  const std::string session = sign_in();
  const auto refuses = [&](const std::string& expected, SessionFound found, auto change) {
    for (const std::string method : {"GET", "DELETE"}) {
      Request request = make_request(method);
      request.authorization = "DPoP " + session;
      Json claims = claims_for(request);
      change(request, claims);
      if (!request.dpop) request.dpop = prover.prove(claims);
      if (request.dpop->empty()) request.dpop.reset();
      const Answer answer = ask(request);
      EXPECT_EQ(code(answer), expected);
      EXPECT_EQ(answer.response.status, 401);
      EXPECT_EQ(answer.outcome.session, found);
      EXPECT_EQ(body(answer)["nonce"], *make_nonce(keys, kNow));
      EXPECT_EQ(find_header(answer.response.headers, "WWW-Authenticate")->substr(0, 5), "DPoP ");
    }
  };
  const Prover thief;
  constexpr auto kProof = SessionFound::kProof;
  refuses("no_session", kProof, [](Request& r, Json&) { r.dpop = ""; });
  refuses("no_session", SessionFound::kInvalid,
          [&](Request& r, Json& claims) { r.dpop = thief.prove(claims); });
  refuses("no_session", kProof, [](Request&, Json& c) { c["htm"] = "POST"; });
  refuses("no_session", kProof, [](Request&, Json& c) { c.erase("ath"); });
  refuses("no_session", kProof, [](Request&, Json& c) { c["ath"] = *sha256_base64url("x"); });
  refuses("no_session", kProof, [&](Request& r, Json&) { r.authorization = "Bearer " + session; });
  refuses("no_session", kProof, [&](Request& r, Json&) { r.authorization = "dpop " + session; });
  refuses("no_session", kProof, [&](Request& r, Json&) { r.authorization = session; });
  refuses("no_session", kProof, [&](Request& r, Json&) { r.authorization = "DPoP  " + session; });
  refuses("use_dpop_nonce", SessionFound::kNonce, [](Request&, Json& c) { c["nonce"] = "old"; });
  EXPECT_EQ(code(ask_with(session)), "200") << "and nothing of it did any harm";
}

TEST_F(KeyMode, SaysWhereThePageCallsItByAnotherNameThanItsOwn) {
  const std::string session = sign_in();
  const auto called = [&](const std::string& method, const std::string& htu) {
    const CapturedStderr captured;
    Request request = make_request(method);
    request.id = "r1";
    if (method != "POST") request.authorization = "DPoP " + session;
    Json claims = claims_for(request);
    claims["htu"] = htu;
    request.dpop = prover.prove(claims);
    const Answer answer = ask(request);
    EXPECT_EQ(code(answer), "proxy_misconfigured");
    EXPECT_EQ(answer.response.status, 502);
    EXPECT_EQ(find_header(answer.response.headers, "WWW-Authenticate"), nullptr);
    EXPECT_EQ(body(answer)["nonce"], *make_nonce(keys, kNow));
    EXPECT_EQ(answer.response.body.find("elsewhere"), std::string::npos);
    log_request(through_gate(request, settings), answer.outcome, metrics);
    const std::vector<std::string> lines = captured.lines();
    EXPECT_EQ(lines.size(), method == "POST" ? 2U : 1U) << captured.text();
    EXPECT_NE(lines[0].find("warning proxy_misconfigured request=r1"), std::string::npos);
    EXPECT_NE(lines[0].find("public_url=https://login.example "), std::string::npos);
    EXPECT_NE(lines[0].find("fix="), std::string::npos);
    const std::size_t from = lines[0].find(" called=") + 8;
    return lines[0].substr(from, lines[0].find(" fix=") - from);
  };
  start_log({});
  for (const std::string method : {"GET", "POST", "DELETE"}) {
    EXPECT_EQ(called(method, "https://elsewhere.example/v1/session"), "https://elsewhere.example");
  }
  // Of one event no more than ten lines a second are written.
  EXPECT_EQ(called("GET", "http://127.0.0.1:8080/auth/v1/session"), "http://127.0.0.1:8080/auth");
}

TEST_F(KeyMode, TakesAProofForNoProxySCallForAForgery) {
  const std::string session = sign_in();
  for (const std::string& htu :
       {std::string("javascript:x"), std::string("https://ada:pw@elsewhere.example/"),
        std::string("https://elsewhere.example/\nwarning login_succeeded"),
        std::string("https://login.example/v1/config"),
        std::string("https://login.example/v1/session/"),
        std::string("https://elsewhere.example/v1/session?code=x"), std::string("/v1/session"),
        "https://elsewhere.example/" + std::string(1000, 'a') + "/v1/session"}) {
    Request request = make_request("GET");
    request.authorization = "DPoP " + session;
    Json claims = claims_for(request);
    claims["htu"] = htu;
    request.dpop = prover.prove(claims);
    const Answer answer = ask(request);
    EXPECT_EQ(code(answer), "no_session") << htu;
    EXPECT_EQ(answer.outcome.proof_fault, "url") << htu;
  }
}

TEST_F(KeyMode, RefusesWhatDoesNotOpenThoughItsProofIsGood) {
  const std::string session = sign_in();
  for (const std::string& other : {session + "A", session.substr(1), std::string("x")}) {
    const Answer answer = ask_with(other);
    EXPECT_EQ(code(answer), "no_session");
    EXPECT_EQ(answer.outcome.session, SessionFound::kInvalid);
    EXPECT_EQ(code(ask_with(other, "DELETE")), "no_session");
  }
}

TEST_F(KeyMode, RefusesAKeyThatWasChangedAfterTheSignIn) {
  const std::string session = sign_in();
  prover = Prover();
  EXPECT_EQ(code(ask_with(session)), "no_session");
  EXPECT_EQ(code(ask_with(session, "DELETE")), "no_session");
}

TEST_F(KeyMode, TakesNoSessionForTheOtherKind) {
  const std::string bound = sign_in();
  Session free = *open(bound);
  free.jkt.clear();
  const std::string unbound = *seal_session(free, keys.keys[0]);
  EXPECT_EQ(code(ask_with(unbound)), "no_session") << "a cookie's value, stolen and carried by key";
  Request request = make_request("GET");
  request.sec_fetch_site = "same-site";
  request.cookies = cookie_line(unbound, kElsewhere);
  EXPECT_EQ(body(ask(request))["user"]["login"], "octocat");
  request.cookies = cookie_line(bound, kElsewhere);
  EXPECT_EQ(body(ask(request))["reason"], "none") << "a key's, set as a cookie";
}

TEST_F(KeyMode, LooksAtNoCookieAndACookiePageAtNoAuthorization) {
  const std::string bound = sign_in();
  Request request = make_request("GET");
  request.cookies = cookie_line(bound, kElsewhere);
  EXPECT_EQ(ask(request).outcome.session, SessionFound::kNone);
  request.cookies += "; " + cookie_line(bound, kElsewhere);
  EXPECT_FALSE(sets_cookie(ask(request)));
  Request same_site = make_request("GET");
  same_site.sec_fetch_site = "same-site";
  same_site.authorization = "DPoP " + bound;
  const Answer answer = ask_proven(same_site);
  EXPECT_EQ(answer.response.body, R"({"v":1,"user":null,"reason":"none"})");
}

/// A 401 would be an error in the console at every visit.
TEST_F(KeyMode, SaysExpiredToWhoeverProvesThatItWasTheirs) {
  const std::string session = sign_in();
  const Answer expired = ask_with(session, "GET", kNow + kWeek);
  EXPECT_EQ(body(expired)["reason"], "expired");
  EXPECT_EQ(body(expired)["nonce"], *make_nonce(keys, kNow + kWeek));
  settings.session.not_before = Timestamp(std::chrono::seconds(kNow + 1));
  EXPECT_EQ(body(ask_with(session))["reason"], "expired");
  prover = Prover();
  EXPECT_EQ(code(ask_with(session, "GET", kNow + kWeek)), "no_session") << "and to nobody else";
}

TEST_F(KeyMode, SignsOutForGood) {
  const std::string session = sign_in();
  const Answer answer = ask_with(session, "DELETE");
  EXPECT_EQ(answer.response.status, 204);
  EXPECT_EQ(answer.response.body, "");
  EXPECT_FALSE(sets_cookie(answer));
  EXPECT_EQ(answer.outcome.subject, 1);
  const Answer after = ask_with(session);
  EXPECT_EQ(body(after)["reason"], "none");
  EXPECT_EQ(after.outcome.session, SessionFound::kSignedOut);
  EXPECT_EQ(ask_with(session, "DELETE").outcome.subject, 0);
}

TEST_F(KeyMode, RenewsByIdleWithinTheAnswerToTheSameKey) {
  settings.session.idle = std::chrono::hours(24);
  const std::string session = sign_in();
  EXPECT_FALSE(body(ask_with(session, "GET", kNow + kHour)).contains("session"));
  const std::int64_t later = kNow + 12 * kHour;
  const Answer answer = ask_with(session, "GET", later);
  EXPECT_FALSE(sets_cookie(answer));
  EXPECT_EQ(body(answer)["expires_at"], "2026-01-02T12:00:00Z");
  const std::string next = body(answer)["session"];
  EXPECT_EQ(open(next, later)->jkt, jkt());
  EXPECT_EQ(open(next, later)->sid, open(session)->sid);
  EXPECT_EQ(code(ask_with(next, "GET", later)), "200");
}

TEST_F(KeyMode, GivesANonceInEveryJsonAnswerThatIsGoodForTheNextCall) {
  const std::string session = sign_in();
  for (std::int64_t now = kNow; now < kNow + kHour; now += 299) {
    const Json said = body(ask_with(session, "GET", now));
    ASSERT_EQ(said["nonce"], *make_nonce(keys, now));
    Request next = make_request("GET");
    next.authorization = "DPoP " + session;
    next.dpop = prover.prove(claims_for(next, now));
    ASSERT_EQ(code(ask(next, now + 299)), "200");
  }
  Request malformed = make_request("POST");
  malformed.body = "{}";
  const Answer refused = ask_proven(malformed);
  EXPECT_EQ(code(refused), "bad_json");
  EXPECT_EQ(body(refused)["nonce"], *make_nonce(keys, kNow));
}

TEST_F(KeyMode, OutlivesARotationOfTheKeys) {
  const std::string session = sign_in();
  SealingKey second;
  second.kid = "second";
  second.k.fill(2);
  second.seal_from = kNow + 100;
  keys.keys.push_back(second);
  Request request = make_request("GET");
  request.authorization = "DPoP " + session;
  request.dpop = prover.prove(claims_for(request, kNow));  // with a nonce of the old key
  EXPECT_EQ(code(ask(request, kNow + 200)), "200");
  EXPECT_EQ(code(ask_with(session, "GET", kNow + 200)), "200");
}

TEST_F(KeyMode, KeepsAQuarterOfTheHourForWhoWasHereBeforeWithTheirKey) {
  settings.limits.logins_per_hour = 8;
  const std::string session = sign_in();
  for (int i = 1; i < 6; ++i) static_cast<void>(sign_in());
  EXPECT_EQ(code(ask_proven(make_request("POST"))), "rate_limited");
  Request known = make_request("POST");
  known.authorization = "DPoP " + session;
  const Prover mine = std::exchange(prover, Prover());
  EXPECT_EQ(code(ask_proven(known)), "rate_limited")
      << "known by its session, but not with its key";
  prover = mine;
  EXPECT_EQ(ask_proven(known, kNow).response.status, 201);
  EXPECT_EQ(ask_proven(known, kNow + kWeek).response.status, 201) << "an expired one tells as much";
}

TEST_F(KeyMode, SaysInternalWhenNoKeyMayOpen) {
  keys.keys[0].open_until = kNow;
  EXPECT_EQ(code(ask(make_request("GET", "/v1/config"))), "internal");
}

}  // namespace
}  // namespace portero
