#include "proxy/app/respond.h"

#include <gtest/gtest.h>

#include <tuple>

#include "proxy/session/session.h"
#include "tests/proxy/app/one_page.h"

namespace portero {
namespace {

const std::string kVerifier(43, 'v');

/// A proxy with one page, and a GitHub that answers what it was told to.
class Respond : public ::testing::Test {
 protected:
  Respond() {
    settings.sites = {make_site(kPage, "https://page.example/")};
    keys = make_one_key();
  }

  static Request make_request(std::string method, std::string target = "/v1/session") {
    Request request = make_call(std::move(method), kPage, "page.example");
    request.target = std::move(target);
    return request;
  }
  static std::string with_cookie(std::string_view session) { return cookie_line(session, kPage); }
  static Request make_sign_in() { return make_request("POST"); }

  Answer ask(const Request& request, std::int64_t now = kNow) {
    const AppContext app{settings, keys, signed_out, admission, metrics, ready};
    const BlockingFetch github = [this](const UpstreamRequest& asked) -> Result<UpstreamReply> {
      asked_of_github.push_back(asked);
      if (replies.empty()) return Error::kUpstreamUnreachable;
      Result<UpstreamReply> reply = replies.front();
      replies.erase(replies.begin());
      return reply;
    };
    return answer_at_once(through_gate(request, settings), app, github, now);
  }
  void github_says(int status, std::string body, std::vector<Header> headers = {}) {
    replies.emplace_back(
        UpstreamReply{.status = status, .headers = std::move(headers), .body = std::move(body)});
  }
  std::string sign_in(std::int64_t now = kNow) {
    github_says(200, kToken);
    github_says(200, kUser);
    const Answer answer = ask(make_sign_in(), now);
    const std::string cookie = set_cookie(answer);
    const std::size_t start = cookie.find('=') + 1;
    return cookie.substr(start, cookie.find(';') - start);
  }

  static std::string set_cookie(const Answer& answer) {
    const std::string* line = find_header(answer.response.headers, "Set-Cookie");
    return line == nullptr ? "" : *line;
  }
  static bool expires_cookie(const Answer& answer) {
    return set_cookie(answer).ends_with("Max-Age=0");
  }

  Settings settings;
  KeyRing keys;
  SignedOut signed_out;
  std::int64_t seconds = 0;  // what the admission's clock says
  Admission admission{[this] { return seconds; }};
  Metrics metrics;
  bool ready = true;
  std::vector<UpstreamRequest> asked_of_github;
  std::vector<Result<UpstreamReply>> replies;
};

TEST_F(Respond, ChecksInOneOrderBeforeAskingGithub) {
  const auto check = [this](const std::string& expected, auto change) {
    Request request = make_sign_in();
    change(request);
    const Answer answer = ask(request);
    EXPECT_EQ(code(answer), expected);
    EXPECT_FALSE(answer.afterwards);
    // Any page may notice that it is refused, and nothing else.
    const std::string* shared =
        find_header(answer.response.headers, "Cross-Origin-Resource-Policy");
    EXPECT_EQ(shared == nullptr ? "" : *shared, expected == "origin_refused" ? "cross-origin" : "");
  };
  check("not_found", [](Request& r) { r.target = "/v1/sessions"; });
  check("not_found", [](Request& r) { r.target = "/v1/session/"; });
  check("not_found", [](Request& r) { r.target = "/v1/%73ession"; });
  check("method_not_allowed", [](Request& r) { r.method = "PUT"; });
  check("method_not_allowed", [](Request& r) { r.method = "OPTIONS"; });
  check("bad_request", [](Request& r) { r.target += "?"; });
  check("bad_request", [](Request& r) { r.target += "?code=a"; });
  check("header_missing", [](Request& r) { r.x_portero.reset(); });
  check("header_missing", [](Request& r) { r.x_portero = "2"; });
  check("origin_refused", [](Request& r) { r.origin.reset(); });
  check("origin_refused", [](Request& r) { r.origin = "null"; });
  check("origin_refused", [](Request& r) { r.origin = "https://page.example.evil"; });
  check("unsupported_media_type", [](Request& r) { r.content_type.reset(); });
  check("unsupported_media_type", [](Request& r) { r.content_type = "text/plain"; });
  check("unsupported_media_type", [](Request& r) { r.content_type = "application/jsonx"; });
  EXPECT_TRUE(asked_of_github.empty());
}

TEST_F(Respond, EndsASignInByNameWhenGithubDoesNotAnswerARule) {
  settings.sites.front().rules = {{RuleKind::kOrganization, "acme"}};
  github_says(200, kToken);
  github_says(200, kUser);
  github_says(403, R"({"message":"You have exceeded a secondary rate limit."})");
  const Answer answer = ask(make_sign_in());
  EXPECT_EQ(code(answer), "upstream_rate_limited");
  EXPECT_EQ(*find_header(answer.response.headers, "Retry-After"), "60");
  EXPECT_TRUE(expires_cookie(answer));
  ASSERT_TRUE(answer.afterwards);  // GitHub's token is revoked all the same
  EXPECT_EQ(answer.afterwards->method, "DELETE");
  EXPECT_EQ(asked_of_github.size(), 3U);
}

TEST_F(Respond, TakesAGithubThatIsSlowAboutRulesForNoSilentOne) {
  settings.sites.front().rules = {{RuleKind::kOrganization, "acme"}};
  for (int i = 0; i < 10; ++i) {
    github_says(200, kToken);
    github_says(200, kUser);
    replies.insert(replies.end(), 2, Error::kUpstreamTimeout);  // it is asked twice
    EXPECT_EQ(code(ask(make_sign_in())), "upstream_timeout");
  }
  settings.sites.front().rules.clear();
  EXPECT_FALSE(sign_in().empty()) << "the way in is open";
}

TEST_F(Respond, AsksAboutTheRulesOfItsOwnPageAlone) {
  settings.sites.push_back(make_site("https://second.example", "https://second.example/"));
  settings.sites.back().rules = {{RuleKind::kOrganization, "acme"}};
  sign_in();
  EXPECT_EQ(asked_of_github.size(), 2U);
}

TEST_F(Respond, RefusesBodiesThatAreNotExact) {
  const std::string good_code = R"("code":"c")";
  const std::string verifier = R"("code_verifier":")" + kVerifier + "\"";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"bad_json", ""},
      {"bad_json", "[]"},
      {"bad_json", "{}"},
      {"bad_json", R"({"v":1,)" + good_code + "," + verifier +
                       "} "
                       "x"},
      {"bad_json", R"({"v":"1",)" + good_code + "," + verifier + "}"},
      {"bad_json", R"({"v":1,)" + good_code + "," + verifier + R"(,"x":1})"},
      {"bad_json", R"({"v":1,)" + good_code + "," + good_code + "," + verifier + "}"},
      {"bad_json", R"({"v":1,"code":1,)" + verifier + "}"},
      {"bad_request", R"({"v":2,)" + good_code + "," + verifier + "}"},
      {"bad_request", R"({"v":1,"code":"",)" + verifier + "}"},
      {"bad_request", R"({"v":1,"code":"a b",)" + verifier + "}"},
      {"bad_request", R"({"v":1,"code":")" + std::string(513, 'c') + "\"," + verifier + "}"},
      {"bad_request", R"({"v":1,)" + good_code + R"(,"code_verifier":"short"})"},
      {"bad_request",
       R"({"v":1,)" + good_code + R"(,"code_verifier":")" + std::string(129, 'v') + "\"}"},
      {"bad_request",
       R"({"v":1,)" + good_code + R"(,"code_verifier":")" + std::string(43, '/') + "\"}"},
  };
  for (const auto& [expected, text] : cases) {
    Request request = make_sign_in();
    request.body = text;
    EXPECT_EQ(code(ask(request)), expected) << text;
  }
  EXPECT_TRUE(asked_of_github.empty());
}

TEST_F(Respond, AllowsWhatAPathAnswers) {
  const Answer answer = ask(make_request("PATCH"));
  EXPECT_EQ(*find_header(answer.response.headers, "Allow"), "GET, HEAD, POST, DELETE");
  const auto match = [](std::string_view method, std::string_view path) {
    return match_route(routes(), Listener::kVisitors, method, path);
  };
  EXPECT_EQ(match("OPTIONS", "/v1/config").allow, "GET, HEAD");
  EXPECT_EQ(match("POST", "/v1/session").route->lane, Lane::kLogin);
  EXPECT_EQ(match("GET", "/v1/session").route->lane, Lane::kLoop);
}

TEST_F(Respond, SaysHealthAndReadiness) {
  EXPECT_EQ(ask(make_request("GET", "/healthz?x")).response.status, 200);
  EXPECT_EQ(ask(make_request("HEAD", "/readyz")).response.status, 200);
  ready = false;
  EXPECT_EQ(ask(make_request("GET", "/readyz")).response.status, 503);
  EXPECT_EQ(ask(make_request("GET", "/healthz")).response.status, 200);
}

TEST_F(Respond, TellsThePageItsSettings) {
  Request request = make_request("GET", "/v1/config");
  request.x_portero.reset();
  request.origin.reset();
  const Answer answer = ask(request);
  EXPECT_EQ(answer.response.body,
            R"({"v":1,"client_id":"id","authorize_url":"https://github.com/login/oauth/authorize",)"
            R"("issuer":"https://github.com/login/oauth","redirect_uri":"https://page.example/",)"
            R"("scope":"","carry":"cookie"})");
  EXPECT_EQ(*find_header(answer.response.headers, "Cache-Control"), "private, max-age=300");
}

TEST_F(Respond, SignsInAndHasTheTokenRevoked) {
  github_says(200, kToken);
  github_says(200, kUser);
  const Answer answer = ask(make_sign_in());
  EXPECT_EQ(answer.response.status, 201);
  EXPECT_EQ(answer.response.body,
            R"({"v":1,"user":{"id":1,"login":"octocat","name":"Octo","avatar_url":null,)"
            R"("html_url":null,"email":null},"expires_at":"2026-01-08T00:00:00Z"})");
  EXPECT_TRUE(set_cookie(answer).ends_with("Max-Age=604800"));
  EXPECT_EQ(set_cookie(answer).find("gho_t"), std::string::npos);
  ASSERT_TRUE(answer.afterwards);
  EXPECT_EQ(answer.afterwards->method, "DELETE");
}

TEST_F(Respond, RemembersWhoSignedIn) {
  Request request = make_request("GET");
  request.cookies = with_cookie(sign_in());
  EXPECT_EQ(body(ask(request))["user"]["login"], "octocat");
  EXPECT_EQ(body(ask(request, kNow + 604800))["reason"], "expired");
  request.cookies += "x";
  EXPECT_EQ(body(ask(request))["reason"], "none");
  request.cookies.clear();
  EXPECT_EQ(ask(request).response.body, R"({"v":1,"user":null,"reason":"none"})");
}

TEST_F(Respond, MakesANewSessionAtEachSignIn) { EXPECT_NE(sign_in(), sign_in()); }

TEST_F(Respond, AsksForTheTokenOnceAndForTheUserTwice) {
  replies = {Error::kUpstreamUnreachable};
  EXPECT_EQ(code(ask(make_sign_in())), "upstream_unreachable");
  EXPECT_EQ(asked_of_github.size(), 1U);
  asked_of_github.clear();
  github_says(200, kToken);
  replies.emplace_back(Error::kUpstreamUnreachable);
  github_says(200, kUser);
  EXPECT_EQ(ask(make_sign_in()).response.status, 201);
  EXPECT_EQ(asked_of_github.size(), 3U);
}

TEST_F(Respond, RevokesTheTokenOfALoginThatFailsLater) {
  github_says(200, kToken);
  github_says(500, "");
  const Answer refused = ask(make_sign_in());
  EXPECT_EQ(code(refused), "upstream_refused");
  EXPECT_TRUE(refused.afterwards);
  settings.sites[0].scope = "user:email";
  github_says(200, kToken);
  const Answer narrow = ask(make_sign_in());
  EXPECT_EQ(code(narrow), "scope_missing");
  EXPECT_TRUE(narrow.afterwards);
}

std::string token_with(const std::string& scope, const std::string& token = "gho_t") {
  return R"({"access_token":")" + token + R"(","token_type":"bearer","scope":")" + scope + "\"}";
}

const std::string kAddresses =
    R"([{"email":"old@example.org","primary":false,"verified":true},)"
    R"({"email":"octo@example.org","primary":true,"verified":true,"visibility":"private"}])";

/// The scope that the settings name, or the page itself by its attribute: what GitHub granted
/// counts.
TEST_F(Respond, AsksForThePrimaryAddressWhenThatScopeWasGranted) {
  struct Case {
    const char* wanted;
    const char* granted;
    bool asks;
  };
  for (const Case& test :
       {Case{"user:email", "user:email", true}, Case{"user:email", "gist,user:email", true},
        Case{"user:email", "user", true}, Case{"user", "user", true}, Case{"", "user:email", true},
        Case{"", "", false}, Case{"read:user", "read:user", false},
        Case{"user:follow", "user:follow", false}, Case{"", "user:emails,users,repo", false}}) {
    settings.sites[0].scope = test.wanted;
    asked_of_github.clear();
    replies.clear();
    github_says(200, token_with(test.granted));
    github_says(200, kUser);
    github_says(200, kAddresses);
    const Answer answer = ask(make_sign_in());
    ASSERT_EQ(answer.response.status, 201) << test.granted;
    EXPECT_EQ(body(answer)["user"]["email"], test.asks ? Json("octo@example.org") : Json(nullptr))
        << test.granted;
    ASSERT_EQ(asked_of_github.size(), test.asks ? 3U : 2U) << test.granted;
    if (!test.asks) continue;
    EXPECT_EQ(asked_of_github[2].method, "GET");
    EXPECT_EQ(asked_of_github[2].url, "https://api.github.com/user/emails");
    EXPECT_EQ(*find_header(asked_of_github[2].headers, "Authorization"), "Bearer gho_t");
    Request later = make_request("GET");
    const std::string cookie = set_cookie(answer);
    later.cookies = cookie.substr(0, cookie.find(';'));
    EXPECT_EQ(body(ask(later))["user"]["email"], "octo@example.org") << "the session has it";
  }
}

TEST_F(Respond, TellsNoAddressButThePrimaryOneAndOnlyIfItIsVerified) {
  const std::string shown = R"({"id":1,"login":"octocat","email":"shown@example.org"})";
  const std::vector<std::tuple<int, std::string, Json>> cases = {
      {200, kAddresses, "octo@example.org"},
      {200, "[]", nullptr},
      {200,
       R"([{"email":"a@example.org","primary":true,"verified":false},{"email":"b@example.org","primary":false,"verified":true}])",
       nullptr},
      {403, R"({"message":"Resource not accessible by integration"})", nullptr},
      {404, R"({"message":"Not Found"})", nullptr},
      {403, "", nullptr},
      {404, "<html>", nullptr},
  };
  for (const auto& [status, text, address] : cases) {
    github_says(200, token_with("user:email"));
    github_says(200, shown);
    github_says(status, text);
    const Answer answer = ask(make_sign_in());
    EXPECT_EQ(answer.response.status, 201) << text;
    EXPECT_EQ(body(answer)["user"]["email"], address) << text;
    EXPECT_TRUE(answer.afterwards);
  }
}

TEST_F(Respond, AsksForAddressesTwiceAndNamesWhyItHasNone) {
  const auto begin = [this] {
    asked_of_github.clear();
    replies.clear();
    github_says(200, token_with("user:email"));
    github_says(200, kUser);
  };
  begin();
  replies.emplace_back(Error::kUpstreamUnreachable);
  github_says(200, kAddresses);
  EXPECT_EQ(body(ask(make_sign_in()))["user"]["email"], "octo@example.org");
  begin();
  replies.emplace_back(Error::kUpstreamTimeout);
  replies.emplace_back(Error::kUpstreamTimeout);
  EXPECT_EQ(code(ask(make_sign_in())), "upstream_timeout");
  EXPECT_EQ(asked_of_github.size(), 4U);
  const std::vector<std::tuple<int, std::string, std::string>> cases = {
      {500, "", "upstream_refused"},
      {401, "{}", "upstream_refused"},
      {302, "", "upstream_invalid"},
      {429, "", "upstream_rate_limited"},
      {200, "{}", "upstream_invalid"},
      {200, "", "upstream_invalid"},
      {200, R"([1])", "upstream_invalid"},
      {200, R"([{"email":1,"primary":true,"verified":true}])", "upstream_invalid"},
  };
  for (const auto& [status, text, expected] : cases) {
    begin();
    github_says(status, text);
    const Answer answer = ask(make_sign_in());
    EXPECT_EQ(code(answer), expected) << status << text;
    EXPECT_TRUE(answer.afterwards) << "the token is revoked all the same";
  }
  begin();
  github_says(403, "", {{"x-ratelimit-remaining", "0"}, {"Retry-After", "50"}});
  const Answer limited = ask(make_sign_in());
  EXPECT_EQ(code(limited), "upstream_rate_limited");
  EXPECT_EQ(body(limited)["retry_after"], 50);
}

/// GitHub names no scope for its tokens: what they may do is the app's permissions.
TEST_F(Respond, ComparesNoScopeOfAGithubApp) {
  struct Case {
    const char* client_id;
    const char* token;
    bool compares;
  };
  for (const Case& test :
       {Case{"Iv1.0123456789abcdef", "ghu_t", false}, Case{"Iv23liabcdefghijklmn", "ghu_t", false},
        Case{"Iv1.0123456789abcdef", "opaque", false}, Case{"0123456789abcdef0123", "ghu_t", false},
        Case{"Ov23liabcdefghijklmn", "gho_t", true}, Case{"0123456789abcdef0123", "gho_t", true},
        Case{"iv1.0123456789abcdef", "gho_t", true}, Case{"id", "ghut_t", true},
        Case{"Ix1.0123456789abcdef", "gho_ghu_", true}}) {
    settings.sites[0].client_id = test.client_id;
    settings.sites[0].scope = "read:org";
    asked_of_github.clear();
    replies.clear();
    github_says(200, token_with("", test.token));
    github_says(200, kUser);
    EXPECT_EQ(code(ask(make_sign_in())), test.compares ? "scope_missing" : "201")
        << test.client_id << test.token;
    EXPECT_EQ(asked_of_github.size(), test.compares ? 1U : 2U) << "no addresses were wanted";
  }
}

TEST_F(Respond, AsksAGithubAppForTheAddressThatTheSettingsWant) {
  settings.sites[0].client_id = "Iv1.0123456789abcdef";
  settings.sites[0].scope = "read:org user:email";
  for (const auto& [status, address] :
       {std::pair<int, Json>{200, "octo@example.org"}, {403, nullptr}, {404, nullptr}}) {
    github_says(200, token_with("", "ghu_t"));
    github_says(200, kUser);
    github_says(status, status == 200 ? kAddresses
                                      : R"({"message":"Resource not accessible by integration"})");
    const Answer answer = ask(make_sign_in());
    EXPECT_EQ(answer.response.status, 201);
    EXPECT_EQ(body(answer)["user"]["email"], address);
  }
}

TEST_F(Respond, NamesWhatGithubSaid) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"code_rejected", R"({"error":"bad_verification_code"})"},
      {"code_rejected", R"({"error":"redirect_uri_mismatch"})"},
      {"email_unverified", R"({"error":"unverified_user_email"})"},
      {"proxy_misconfigured", R"({"error":"incorrect_client_credentials"})"},
      {"upstream_invalid", "<html>"},
  };
  for (const auto& [expected, text] : cases) {
    github_says(200, text);
    const Answer answer = ask(make_sign_in());
    EXPECT_EQ(code(answer), expected);
    EXPECT_FALSE(answer.afterwards);
    EXPECT_TRUE(expires_cookie(answer));
  }
  for (const Error error : {Error::kUpstreamTls, Error::kUpstreamTimeout}) {
    replies = {error};
    EXPECT_EQ(code(ask(make_sign_in())), name(error));
  }
  github_says(429, "", {{"Retry-After", "30"}});
  const Answer limited = ask(make_sign_in());
  EXPECT_EQ(code(limited), "upstream_rate_limited");
  EXPECT_EQ(body(limited)["retry_after"], 30);
}

TEST_F(Respond, KeepsAQuarterOfTheHourForWhoWasHereBefore) {
  settings.limits.logins_per_hour = 8;
  Request known = make_sign_in();
  known.cookies = with_cookie(sign_in());
  Request forged = make_sign_in();
  forged.cookies = known.cookies + "x";
  for (int i = 1; i < 6; ++i) (void)sign_in();
  const std::size_t asked = asked_of_github.size();
  for (const Request& stranger : {make_sign_in(), forged}) {
    const Answer refused = ask(stranger);
    EXPECT_EQ(code(refused), "rate_limited");
    EXPECT_EQ(refused.response.status, 429);
    EXPECT_EQ(*find_header(refused.response.headers, "Retry-After"),
              body(refused)["retry_after"].dump());
    EXPECT_EQ(set_cookie(refused), "") << "what it may have been known by is not taken away";
  }
  EXPECT_EQ(asked_of_github.size(), asked) << "no code is spent on what is refused";
  for (const std::int64_t now : {kNow, kNow + 604800}) {  // the session expired or not
    github_says(200, kToken);
    github_says(200, kUser);
    EXPECT_EQ(ask(known, now).response.status, 201);
  }
  EXPECT_EQ(code(ask(known)), "rate_limited");
  seconds += 3660;
  EXPECT_NE(sign_in(), "");
}

TEST_F(Respond, AsksASilentGithubNoMoreUntilItIsBack) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(code(ask(make_sign_in())), "upstream_unreachable");
  EXPECT_EQ(asked_of_github.size(), 5U);
  const Answer refused = ask(make_sign_in());
  EXPECT_EQ(code(refused), "upstream_unreachable");
  EXPECT_EQ(body(refused)["retry_after"], 1);
  EXPECT_EQ(asked_of_github.size(), 5U);
  seconds += 1;
  EXPECT_NE(sign_in(), "");
  EXPECT_NE(sign_in(), "");
}

TEST_F(Respond, HonoursTheLimitOfTheAppAndNotThatOfAPerson) {
  github_says(200, kToken);
  github_says(403, "", {{"x-ratelimit-remaining", "0"}, {"Retry-After", "50"}});
  EXPECT_EQ(code(ask(make_sign_in())), "upstream_rate_limited");
  EXPECT_NE(sign_in(), "") << "one person's limit at the API is not everybody's";
  github_says(429, "", {{"Retry-After", "30"}});
  EXPECT_EQ(code(ask(make_sign_in())), "upstream_rate_limited");
  const std::size_t asked = asked_of_github.size();
  seconds += 10;
  const Answer refused = ask(make_sign_in());
  EXPECT_EQ(code(refused), "upstream_rate_limited");
  EXPECT_EQ(body(refused)["retry_after"], 20);
  EXPECT_EQ(asked_of_github.size(), asked);
  seconds += 20;
  EXPECT_NE(sign_in(), "");
}

TEST_F(Respond, SaysInternalAndTooLargeWhenItCannotSeal) {
  settings.github.issuer = std::string(4000, 'i');
  github_says(200, kToken);
  github_says(200, kUser);
  EXPECT_EQ(code(ask(make_sign_in())), "session_too_large");
  keys.keys.clear();
  github_says(200, kToken);
  github_says(200, kUser);
  EXPECT_EQ(code(ask(make_sign_in())), "internal");
}

TEST_F(Respond, SignsOutForGood) {
  Request request = make_request("GET");
  request.cookies = with_cookie(sign_in());
  Request out = make_request("DELETE");
  out.cookies = request.cookies;
  const Answer answer = ask(out);
  EXPECT_EQ(answer.response.status, 204);
  EXPECT_TRUE(expires_cookie(answer));
  EXPECT_EQ(body(ask(request))["reason"], "none");
  EXPECT_EQ(ask(make_request("DELETE")).response.status, 204) << "again, without a session";
}

/// What the visitor is told is less: `none` or `expired`.
TEST_F(Respond, TellsTheMetricsWhatASessionWas) {
  Request request = make_request("GET");
  EXPECT_EQ(ask(request).outcome.session, SessionFound::kNone);
  request.cookies = with_cookie("not.a.session");
  EXPECT_EQ(ask(request).outcome.session, SessionFound::kInvalid);
  request.cookies = with_cookie(sign_in());
  EXPECT_EQ(ask(request).outcome.session, SessionFound::kOpened);
  const std::int64_t week = std::chrono::seconds(std::chrono::hours(24 * 7)).count();
  EXPECT_EQ(ask(request, kNow + week).outcome.session, SessionFound::kExpired);
  Request out = make_request("DELETE");
  out.cookies = request.cookies;
  const Answer answer = ask(out);
  EXPECT_EQ(answer.outcome.session, SessionFound::kOpened);
  EXPECT_EQ(answer.outcome.subject, 1);
  EXPECT_EQ(ask(request).outcome.session, SessionFound::kSignedOut);
  EXPECT_EQ(ask(out).outcome.subject, 0) << "signs out once";
  EXPECT_FALSE(ask(make_request("GET", "/v1/config")).outcome.session);
}

TEST_F(Respond, RenewsAfterHalfOfIdleWithinTheLifetime) {
  settings.session.idle = std::chrono::hours(24);
  Request request = make_request("GET");
  request.cookies = with_cookie(sign_in());
  EXPECT_EQ(body(ask(request, kNow + 1))["expires_at"], "2026-01-02T00:00:00Z");
  EXPECT_EQ(set_cookie(ask(request, kNow + 43199)), "");
  const Answer renewed = ask(request, kNow + 43200);
  EXPECT_EQ(body(renewed)["expires_at"], "2026-01-02T12:00:00Z");
  EXPECT_TRUE(set_cookie(renewed).ends_with("Max-Age=86400"));
  EXPECT_EQ(body(ask(request, kNow + 86400))["reason"], "expired");
}

TEST_F(Respond, ExpiresACookieThatCameTwice) {
  Request request = make_request("GET");
  request.cookies = with_cookie("a") + "; " + with_cookie("b");
  const Answer answer = ask(request);
  EXPECT_EQ(body(answer)["reason"], "none");
  EXPECT_TRUE(expires_cookie(answer));
}

TEST_F(Respond, CarriesNothingAcrossSites) {
  Request request = make_request("GET");
  request.cookies = with_cookie(sign_in());
  request.sec_fetch_site = "cross-site";
  EXPECT_EQ(body(ask(request))["reason"], "none");
  request.method = "DELETE";
  EXPECT_EQ(ask(request).response.status, 204);
  EXPECT_EQ(set_cookie(ask(request)), "");
}

TEST_F(Respond, DoesNotOpenTheSessionOfAnotherPage) {
  Site other = settings.sites[0];
  other.origin = "https://other.example";
  settings.sites.insert(settings.sites.begin(), other);
  Request request = make_request("GET");
  request.cookies = with_cookie(sign_in());
  request.origin = "https://other.example";
  request.sec_fetch_site = "same-site";
  EXPECT_EQ(body(ask(request))["reason"], "none");
}

}  // namespace
}  // namespace portero
