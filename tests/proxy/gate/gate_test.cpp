// The gate over real sockets: framing, order, who is told what, and that slow visitors stop nobody.
#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "proxy/session/cookies.h"
#include "tests/proxy/gate/loopback.h"

namespace portero {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kAllowed = "Access-Control-Allow-Origin: https://page.example\r\n";

TEST(Gate, AnswersARequestWithEveryCommonHeader) {
  const RunningGate gate(echo_target);
  const std::string answer = ask(gate.port(), kGet + "\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
  EXPECT_TRUE(has(answer, "Cache-Control: no-store\r\n"));
  EXPECT_TRUE(has(answer, "X-Content-Type-Options: nosniff\r\n"));
  EXPECT_TRUE(has(answer, "Cross-Origin-Resource-Policy: same-origin\r\n"));
  EXPECT_TRUE(has(answer, "Date: "));
  EXPECT_TRUE(has(answer, kAllowed));
  EXPECT_FALSE(has(answer, "Server:"));
  EXPECT_FALSE(has(answer, "Connection: close"));
  EXPECT_TRUE(answer.ends_with("\r\n\r\n/v1/session"));
}

TEST(Gate, KeepsAConnectionForTheNextRequest) {
  const RunningGate gate(echo_target);
  RawClient client(gate.port());
  for (int i = 0; i < 3; ++i) {
    client.send(kGet + "\r\n");
    EXPECT_TRUE(client.read_answer().starts_with("HTTP/1.1 200"));
  }
}

TEST(Gate, AnswersPipelinedRequestsInTheirOrder) {
  const RunningGate gate(echo_target);
  RawClient client(gate.port());
  std::string requests;
  for (int i = 0; i < 50; ++i) {
    requests += "GET /v1/session?" + std::to_string(i) + " HTTP/1.1\r\nHost: p\r\n\r\n";
  }
  client.send(requests);
  for (int i = 0; i < 50; ++i) {
    EXPECT_TRUE(client.read_answer().ends_with("\r\n\r\n/v1/session?" + std::to_string(i)));
  }
}

TEST(Gate, ReadsARequestThatComesByteByByte) {
  const RunningGate gate(echo_target);
  RawClient client(gate.port());
  for (const char c : kGet + "\r\n") client.send(std::string(1, c));
  EXPECT_TRUE(client.read_answer().starts_with("HTTP/1.1 200"));
}

TEST(Gate, AnswersWhatStandsBehindABodyInChunks) {
  const RunningGate gate([](const Request& request, const Deliver& deliver) {
    deliver({.status = 200, .headers = {}, .body = "<" + request.body + ">"});
  });
  const std::string head =
      "POST /v1/session HTTP/1.1\r\nHost: p\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string requests =
      head + "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n" + kGet + "\r\n" + head + "0\r\n\r\n" +
      "DELETE /v1/session HTTP/1.1\r\nHost: p\r\nTransfer-Encoding: Chunked\r\n\r\n00\r\n\r\n" +
      kGet + "\r\n";
  RawClient at_once(gate.port());
  at_once.send(requests);
  RawClient byte_by_byte(gate.port());
  for (const char c : requests) byte_by_byte.send(std::string(1, c));
  for (RawClient* client : {&at_once, &byte_by_byte}) {
    for (const char* body : {"<abc>", "<>", "<>", "<>", "<>"}) {
      const std::string answer = client->read_answer();
      EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with(body)) << answer;
      EXPECT_FALSE(has(answer, "Connection: close")) << answer;
    }
  }
}

TEST(Gate, ClosesAfterAnHttp10Answer) {
  const RunningGate gate(echo_target);
  RawClient client(gate.port());
  client.send("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const std::string answer = client.read_all();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
  EXPECT_TRUE(has(answer, "Connection: close\r\n"));
}

TEST(Gate, ClosesWhenAskedTo) {
  const RunningGate gate(echo_target);
  RawClient client(gate.port());
  client.send(kGet + "Connection: close\r\n\r\n");
  EXPECT_TRUE(has(client.read_all(), "Connection: close\r\n"));
}

TEST(Gate, AnswersHeadWithTheLengthAndNoBody) {
  const RunningGate gate(echo_target);
  RawClient client(gate.port());
  client.send("HEAD /v1/config HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n");
  const std::string answer = client.read_all();
  EXPECT_TRUE(has(answer, "Content-Length: 10\r\n"));
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST(Gate, RefusesHeadWithoutABodyToo) {
  const RunningGate gate(echo_target);
  RawClient client(gate.port());
  client.send("HEAD /abc HTTP/1.1\r\nHost: p\r\nContent-Length: 3\r\n\r\nabc");
  const std::string answer = client.read_all();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 "));
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));  // RFC 9110 section 9.3.2
}

TEST(Gate, LetsThePageReadItsOwnRefusals) {
  Settings settings = make_settings();
  settings.limits.request_time = 200ms;
  const RunningGate gate(echo_target, settings);
  struct Case {
    std::string_view status;
    Error error;
    std::string rest;
  };
  const Case cases[] = {
      {"413", Error::kTooLarge, "Content-Length: 4097\r\n\r\n"},
      {"431", Error::kHeadersTooLarge, "X: " + std::string(20000, 'x') + "\r\n\r\n"},
      {"408", Error::kRequestTimeout, "X: y"},
      {"400", Error::kBadRequest, "X-Portero: %31\r\n\r\n"},
      {"400", Error::kBadRequest, "Content-Length: x\r\n\r\n"},
      {"400", Error::kBadRequest, "bad header\r\n\r\n"},
      {"415", Error::kUnsupportedMediaType, "Content-Encoding: gzip\r\n\r\n"},
      {"400", Error::kBadRequest, "Transfer-Encoding: gzip, chunked\r\n\r\n"},
      {"400", Error::kBadRequest, "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3;x\r\n"},
      {"408", Error::kRequestTimeout, "Transfer-Encoding: chunked\r\n\r\n"},
      {"408", Error::kRequestTimeout, "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n2\r\na"},
  };
  for (const Case& test : cases) {
    RawClient client(gate.port());
    client.send("POST /v1/session HTTP/1.1\r\nHost: p\r\nOrigin: https://page.example\r\n" +
                test.rest);
    const std::string answer = client.read_all();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 " + std::string(test.status))) << answer;
    EXPECT_TRUE(has(answer, '"' + std::string(name(test.error)) + '"')) << answer;
    EXPECT_TRUE(has(answer, kAllowed)) << answer;
    EXPECT_TRUE(has(answer, "Access-Control-Expose-Headers: Retry-After\r\n"));
    EXPECT_TRUE(has(answer, "application/problem+json"));
    EXPECT_TRUE(has(answer, "Connection: close\r\n"));
  }
}

TEST(Gate, NamesNoOriginThatIsNotConfigured) {
  const RunningGate gate(echo_target);
  for (const char* origin :
       {"https://page.example.evil", "https://PAGE.example", "null", "https://page.example:443"}) {
    const std::string answer =
        ask(gate.port(),
            std::string("GET /v1/session HTTP/1.1\r\nHost: p\r\nOrigin: ") + origin + "\r\n\r\n");
    EXPECT_FALSE(has(answer, "Access-Control-")) << answer;
    EXPECT_TRUE(has(answer, "Vary: Origin\r\n"));
  }
}

TEST(Gate, CarriesEveryStatusToThePage) {
  const RunningGate gate([](const Request& request, const Deliver& deliver) {
    Response response;
    response.status = std::stoi(request.target.substr(std::string("/v1/session?").size()));
    deliver(response);
  });
  for (const int status : {200, 201, 204, 400, 401, 403, 404, 405, 429, 500, 502, 503, 504}) {
    RawClient client(gate.port());
    client.send(
        "GET /v1/session?" + std::to_string(status) +
        " HTTP/1.1\r\nHost: p\r\nOrigin: https://page.example\r\nConnection: close\r\n\r\n");
    const std::string answer = client.read_all();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 " + std::to_string(status)));
    EXPECT_TRUE(has(answer, kAllowed));
    EXPECT_TRUE(has(answer, "Cache-Control: no-store\r\n"));
    EXPECT_EQ(has(answer, "Content-Length"), status != 204);
  }
}

/// A server that holds every sign-in until told to let go.
struct Holding {
  std::promise<void> release;
  std::shared_future<void> released = release.get_future().share();
  std::atomic<int> started = 0;
  Answerer serve() {
    return [this](const Request& request, const Deliver& deliver) {
      if (request.method == "POST") {
        ++started;
        released.wait();
      }
      echo_target(request, deliver);
    };
  }
  void wait_for(int jobs) const {
    while (started < jobs) std::this_thread::yield();
  }
};

const std::string kPreflight =
    "OPTIONS /v1/session HTTP/1.1\r\nHost: p\r\nOrigin: https://page.example\r\n"
    "Access-Control-Request-Method: POST\r\n\r\n";

TEST(Gate, AnswersAllButSignInsWhileTheLoginLaneIsFull) {
  Settings settings = make_one_loop();
  settings.limits.logins = 1;
  settings.limits.queue = 1;
  FileMap files;
  files["/"] =
      File{.content_type = "text/html", .etag = "\"x\"", .body = "page", .br = {}, .gzip = {}};
  Holding holding;
  const RunningGate gate(holding.serve(), settings, files);
  RawClient first(gate.port());
  first.send(kLogin);
  holding.wait_for(1);
  // One more waits in the queue; the next is told to come back.
  RawClient queued(gate.port());
  queued.send(kLogin);
  // An answer from memory on the same loop: after it, that request has been queued.
  EXPECT_TRUE(ask(gate.port(), kPreflight).starts_with("HTTP/1.1 204"));
  const std::string answer = ask(gate.port(), kLogin);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 503")) << answer;
  EXPECT_TRUE(has(answer, "\"overloaded\""));
  EXPECT_TRUE(has(answer, "Retry-After: 1\r\n"));
  EXPECT_TRUE(has(answer, kAllowed));
  EXPECT_TRUE(has(ask(gate.port(), "GET / HTTP/1.1\r\nHost: p\r\n\r\n"), "\r\n\r\npage"));
  EXPECT_TRUE(ask(gate.port(), kGet + "\r\n").starts_with("HTTP/1.1 200"));
  holding.release.set_value();
  for (RawClient* client : {&first, &queued}) {
    EXPECT_TRUE(client->read_answer().starts_with("HTTP/1.1 200"));
  }
}

TEST(Gate, TellsARequestThatWaitedTooLongToComeBack) {
  Settings settings = make_settings();
  settings.limits.logins = 1;
  Holding holding;
  {
    const RunningGate gate(holding.serve(), settings);
    RawClient first(gate.port());
    first.send(kLogin);
    holding.wait_for(1);
    RawClient second(gate.port());
    second.send(kLogin);
    const std::string answer = second.read_answer();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 503")) << answer;
    EXPECT_TRUE(has(answer, "\"overloaded\""));
    EXPECT_TRUE(has(answer, kAllowed));
    holding.release.set_value();
    EXPECT_TRUE(first.read_answer().starts_with("HTTP/1.1 200"));
  }
  EXPECT_EQ(holding.started, 1) << "its code is not spent";
}

TEST(Gate, NeverStartsARequestWhoseVisitorHasGone) {
  Settings settings = make_one_loop();
  settings.limits.logins = 1;
  Holding holding;
  {
    const RunningGate gate(holding.serve(), settings);
    RawClient first(gate.port());
    first.send(kLogin);
    holding.wait_for(1);
    RawClient gone(gate.port());
    gone.send(kLogin);
    EXPECT_TRUE(ask(gate.port(), kPreflight).starts_with("HTTP/1.1 204"));
    gone.leave();
    EXPECT_TRUE(ask(gate.port(), kPreflight).starts_with("HTTP/1.1 204"));
    holding.release.set_value();
    EXPECT_TRUE(first.read_answer().starts_with("HTTP/1.1 200"));
  }
  EXPECT_EQ(holding.started, 1);
}

TEST(Gate, ServesOthersWhileManyAreSlow) {
  const RunningGate gate(echo_target);
  std::vector<std::unique_ptr<RawClient>> slow;
  for (int i = 0; i < 200; ++i) {
    slow.push_back(std::make_unique<RawClient>(gate.port()));
    slow.back()->send(i % 2 == 0
                          ? "GET / HT"
                          : "POST /v1/session HTTP/1.1\r\nHost: p\r\nContent-Length: 10\r\n\r\nx");
  }
  EXPECT_TRUE(ask(gate.port(), kGet + "\r\n").starts_with("HTTP/1.1 200"));
}

/// More connections than loops, so each loop has some; and each has its own answers.
TEST(Gate, ServesConnectionsOfEveryLoop) {
  for (const std::size_t loops : {1U, 2U, 3U, 8U}) {
    Settings settings = make_settings();
    settings.limits.loops = loops;
    const RunningGate gate(echo_target, settings);
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 20; ++i) clients.push_back(std::make_unique<RawClient>(gate.port()));
    for (int round = 0; round < 3; ++round) {
      for (std::size_t i = 0; i < clients.size(); ++i) {
        const std::string method = round == 1 ? "POST" : "GET";
        clients[i]->send(method + " /v1/session?" + std::to_string(i) +
                         " HTTP/1.1\r\nHost: p\r\n\r\n");
      }
      for (std::size_t i = 0; i < clients.size(); ++i) {
        EXPECT_TRUE(clients[i]->read_answer().ends_with("/v1/session?" + std::to_string(i)));
      }
    }
  }
}

TEST(Gate, ClosesAnIdleConnectionWithoutAWord) {
  Settings settings = make_settings();
  settings.limits.idle_time = 50ms;
  const RunningGate gate(echo_target, settings);
  EXPECT_EQ(RawClient(gate.port()).read_all(), "");
}

/// One timer stands for all deadlines of a connection, and none of a request outlives it.
TEST(Gate, KeepsAnIdleConnectionBeyondTheTimeOfARequest) {
  Settings settings = make_settings();
  settings.limits.request_time = 50ms;
  const RunningGate gate(echo_target, settings);
  RawClient client(gate.port());
  for (int i = 0; i < 2; ++i) {
    client.send(kGet + "\r\n");
    EXPECT_TRUE(client.read_answer().starts_with("HTTP/1.1 200"));
    std::this_thread::sleep_for(150ms);
  }
  client.send(kGet);
  EXPECT_TRUE(client.read_all().starts_with("HTTP/1.1 408"));
}

TEST(Gate, KeepsWhoWaitsForASignInBeyondTheTimeOfARequest) {
  Settings settings = make_settings();
  settings.limits.request_time = 50ms;
  Holding holding;
  const RunningGate gate(holding.serve(), settings);
  RawClient client(gate.port());
  client.send(kLogin);
  holding.wait_for(1);
  std::this_thread::sleep_for(150ms);
  holding.release.set_value();
  EXPECT_TRUE(client.read_answer().starts_with("HTTP/1.1 200"));
}

TEST(Gate, TakesNoMoreConnectionsThanAllowed) {
  Settings settings = make_settings();
  settings.limits.connections = 2;
  const RunningGate gate(echo_target, settings);
  auto first = std::make_unique<RawClient>(gate.port());
  const RawClient second(gate.port());
  RawClient third(gate.port());
  third.send(kGet + "\r\n");
  first.reset();
  EXPECT_TRUE(third.read_answer().starts_with("HTTP/1.1 200"));
}

/// Why a gate cannot listen there; empty: it can.
std::string why_not(const Settings& settings) {
  const auto gate = Gate::open(share(make_config(echo_target, settings)), {.routes = routes()},
                               {.visitors = settings.listen});
  return gate ? "" : gate.error().text();
}

TEST(Gate, NamesAnAddressThatIsTaken) {
  const RunningGate gate(echo_target);
  Settings settings = make_settings();
  settings.listen = "127.0.0.1:" + std::to_string(gate.port());
  const std::string why = why_not(settings);
  EXPECT_TRUE(has(why, settings.listen + " is taken")) << why;
}

TEST(Gate, NamesAnAddressThatIsNone) {
  for (const char* listen :
       {"8080", "127.0.0.1", ":8080", "unix:", "127.0.0.1:http", "300.1.1.1:1"}) {
    Settings settings = make_settings();
    settings.listen = listen;
    const std::string why = why_not(settings);
    EXPECT_TRUE(why.starts_with(listen)) << why;
  }
}

/// The table is looked through when the head is complete; lanes, metrics, CORS and the answer read
/// what was found then.
TEST(Gate, MatchesARequestAgainstTheRouteTableOnce) {
  std::atomic<int> matched = 0;
  const RunningGate gate(make_config(echo_target), anywhere(),
                         {.routes = routes(), .match = [&matched](auto... asked) {
                            ++matched;
                            return match_route(routes(), asked...);
                          }});
  EXPECT_TRUE(ask(gate.port(), kLogin).starts_with("HTTP/1.1 200"));
  EXPECT_EQ(matched, 1) << "a POST";
  EXPECT_TRUE(ask(gate.port(), kGet + "\r\n").starts_with("HTTP/1.1 200"));
  EXPECT_EQ(matched, 2) << "a GET";
  EXPECT_TRUE(
      ask(gate.port(), "PUT /v1/session HTTP/1.1\r\nHost: p\r\n\r\n").starts_with("HTTP/1.1 405"));
  EXPECT_EQ(matched, 3) << "one without a route";
}

TEST(Gate, AnswersInternalForAnExceptionWithoutItsText) {
  const RunningGate gate(
      [](const Request&, const Deliver&) { throw std::runtime_error("secret text"); });
  const std::string answer = ask(gate.port(), kGet + "\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 500")) << answer;
  EXPECT_FALSE(has(answer, "secret"));
}

TEST(Gate, NeverRedirects) {
  for (const int status : {100, 199, 301, 302, 307, 399, 600, 0, -1}) {
    const RunningGate gate([status](const Request&, const Deliver& deliver) {
      deliver({.status = status, .headers = {}, .body = "x"});
    });
    for (const std::string path : {"/v1/session", "/healthz"}) {
      const std::string answer = ask(gate.port(), "GET " + path + " HTTP/1.1\r\nHost: p\r\n\r\n");
      EXPECT_TRUE(answer.starts_with("HTTP/1.1 500")) << status << " " << answer;
    }
  }
}

TEST(Gate, AnswersInternalWhenNothingWasDelivered) {
  const RunningGate gate([](const Request&, const Deliver&) {});
  const std::string answer = ask(gate.port(), kGet + "\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 500")) << answer;
  EXPECT_TRUE(has(answer, kAllowed));
}

TEST(Gate, LetsAWorkerGoOnAfterTheAnswer) {
  std::atomic<bool> revoked = false;
  {
    const RunningGate gate([&](const Request& request, const Deliver& deliver) {
      echo_target(request, deliver);
      std::this_thread::sleep_for(20ms);
      revoked = true;
    });
    EXPECT_TRUE(ask(gate.port(), kLogin).starts_with("HTTP/1.1 200"));
  }
  EXPECT_TRUE(revoked);
}

TEST(Gate, FindsOurCookieInTheRawBytesOnly) {
  const std::string name = make_cookie_name(kOrigin, false);
  const RunningGate gate([&name](const Request& request, const Deliver& deliver) {
    const FoundCookie found = find_cookie(request.cookies, name);
    deliver({.status = 200, .headers = {}, .body = found.value.value_or("none")});
  });
  const std::pair<std::string, std::string_view> cases[] = {
      {name + "=VALID", "VALID"},
      {"other=%7B%22a%22%3A1%7D; " + name + "=VALID", "VALID"},
      {"a=%3B" + name + "=VALID", "none"},
      {"a=%3B%20" + name + "=VALID; b=c", "none"},
      {"a=1", "none"},
  };
  for (const auto& [cookie, session] : cases) {
    const std::string answer = ask(gate.port(), kGet + "Cookie: " + cookie + "\r\n\r\n");
    EXPECT_TRUE(answer.ends_with("\r\n\r\n" + std::string(session))) << cookie << "\n" << answer;
  }
}

}  // namespace
}  // namespace portero
