#include "tests/bench/tasks.h"

#include <array>
#include <memory>
#include <utility>

namespace portero::bench {
namespace {

// RFC 7636 appendix B: every login of ours uses it, for GitHub does not mind.
constexpr std::string_view kVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
constexpr std::string_view kChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// The stand-in's people who may sign in, by id. In turn: GitHub keeps ten tokens a person.
constexpr std::array<std::string_view, 5> kPeople{"583231", "1", "9007199254740991", "77000042",
                                                  "150000007"};

std::string_view name(End end) {
  switch (end) {
    case End::kAnswered:
      return "answered";
    case End::kRefused:
      return "connection_refused";
    case End::kUntouched:
      return "closed_before_answer";
    case End::kBroken:
      return "closed_in_answer";
    case End::kTimedOut:
      return "timed_out";
  }
  return "";
}

/// What stands between the first `before` and the next `after`.
std::string between(std::string_view text, std::string_view before, std::string_view after) {
  const std::size_t found = text.find(before);
  if (found == std::string_view::npos) return {};
  const std::size_t from = found + before.size();
  const std::size_t to = text.find(after, from);
  return to == std::string_view::npos ? std::string() : std::string(text.substr(from, to - from));
}

std::string describe_failure(const Outcome& outcome) {
  if (outcome.end != End::kAnswered) return std::string(name(outcome.end));
  const std::string code = between(outcome.reply.body(), "\"code\":\"", "\"");
  return code.empty() ? "status_" + std::to_string(outcome.reply.status()) : code;
}

std::string make_post(std::string_view head, std::string_view type, const std::string& body) {
  std::string text(head);
  text.append("Content-Type: ").append(type);
  text.append("\r\nContent-Length: ").append(std::to_string(body.size()));
  return text.append("\r\n\r\n").append(body);
}

struct Getting {
  GetPlan plan;
  std::vector<std::string> requests;
  std::size_t next = 0;
};

void get(const std::shared_ptr<Getting>& all, Client& client, Clock::time_point due,
         const std::string& request, const TaskDone& done) {
  if (all->plan.fresh) client.proxy.close();
  client.proxy.ask(request, [all, &client, due, request, done](const Outcome& outcome) {
    const bool lost_race = outcome.end == End::kUntouched && outcome.reused;
    if (lost_race && all->plan.repeats && !client.repeated) {
      client.repeated = true;
      return get(all, client, due, request, done);
    }
    const bool answered = outcome.end == End::kAnswered && outcome.reply.status() == 200;
    const bool nobody = answered && !all->plan.cookies.empty() &&
                        outcome.reply.body().find("\"user\":{") == std::string_view::npos;
    const std::string what = nobody ? "session_lost" : answered ? "ok" : describe_failure(outcome);
    done({what, since(due)});
  });
}

struct SigningIn {
  Page page;
  LoginPlan plan;
  std::size_t next = 0;
};

void trade(const std::shared_ptr<SigningIn>& all, Client& client, const std::string& code,
           const TaskDone& done) {
  std::string body = R"({"v":1,"code":")" + code + R"(","code_verifier":")";
  body.append(kVerifier).append("\"}");
  const std::string head =
      "POST /v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Portero: 1\r\nSec-Fetch-Site: "
      "same-site\r\nOrigin: " +
      all->page.origin + (all->plan.fresh ? "\r\nConnection: close\r\n" : "\r\n");
  if (all->plan.fresh) client.proxy.close();
  const Clock::time_point asked = Clock::now();
  client.proxy.ask(
      make_post(head, "application/json", body), [all, asked, done](const Outcome& outcome) {
        const std::string set = outcome.reply.header("Set-Cookie");
        const std::string cookie = set.substr(0, set.find(';'));
        const bool ok = outcome.end == End::kAnswered && outcome.reply.status() == 201 &&
                        cookie.size() > cookie.find('=') + 1;
        if (ok && all->plan.signed_in) all->plan.signed_in(cookie);
        done({ok ? "ok" : describe_failure(outcome), since(asked)});
      });
}

/// The person presses Authorize on the consent page that `outcome` brought.
void authorize(const std::shared_ptr<SigningIn>& all, Client& client, const Outcome& outcome,
               const TaskDone& done) {
  const std::string request = between(outcome.reply.body(), "name=\"request\" value=\"", "\"");
  if (request.empty()) return done({"no_consent_page: " + describe_failure(outcome), 0});
  const std::string body = "request=" + request + "&decision=authorize&user=" +
                           std::string(kPeople.at(all->next++ % kPeople.size()));
  const std::string head = "POST /login/oauth/authorize HTTP/1.1\r\nHost: 127.0.0.1\r\n";
  client.github.ask(make_post(head, "application/x-www-form-urlencoded", body),
                    [all, &client, done](const Outcome& decided) {
                      const std::string to = decided.reply.header("Location") + "&";
                      const std::string code = between(to, "code=", "&");
                      if (code.empty()) return done({"no_code: " + describe_failure(decided), 0});
                      trade(all, client, code, done);
                    });
}

}  // namespace

Task make_get(const Page& page, GetPlan plan) {
  auto all = std::make_shared<Getting>();
  const std::string common = "GET " + plan.target +
                             " HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Portero: 1\r\nSec-Fetch-Site: "
                             "same-site\r\nOrigin: " +
                             page.origin + (plan.fresh ? "\r\nConnection: close\r\n" : "\r\n");
  for (const std::string& cookie : plan.cookies) {
    all->requests.push_back(common + "Cookie: " + cookie + "\r\n\r\n");
  }
  if (all->requests.empty()) all->requests.push_back(common + "\r\n");
  all->plan = std::move(plan);
  return [all](Client& client, Clock::time_point due, const TaskDone& done) {
    get(all, client, due, all->requests[all->next++ % all->requests.size()], done);
  };
}

Task make_login(const Page& page, LoginPlan plan) {
  auto all = std::make_shared<SigningIn>();
  all->page = page;
  all->plan = std::move(plan);
  if (all->plan.made_up_codes) {
    return [all](Client& client, Clock::time_point /*due*/, const TaskDone& done) {
      std::string code = std::to_string(++all->next);
      trade(all, client, code.insert(0, 20 - code.size(), '0'), done);
    };
  }
  const std::string ask = "GET /login/oauth/authorize?client_id=" + page.client_id +
                          "&redirect_uri=" + page.redirect_uri +
                          "&state=load&code_challenge=" + std::string(kChallenge) +
                          "&code_challenge_method=S256 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
  return [all, ask](Client& client, Clock::time_point /*due*/, const TaskDone& done) {
    client.github.ask(ask, [all, &client, done](const Outcome& outcome) {
      authorize(all, client, outcome, done);
    });
  };
}

}  // namespace portero::bench
