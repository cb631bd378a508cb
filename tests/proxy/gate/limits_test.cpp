// What one visitor may take, over real sockets: the limits per address and the places in the gate.
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/proxy/gate/loopback.h"

namespace portero {
namespace {

/// This machine's visitors are strangers: none of them is a trusted proxy.
Settings make_strangers() {
  Settings settings = make_settings();
  settings.trusted_proxies = {};
  settings.limits.logins_per_address = 2;
  settings.limits.logins_per_address_minute = 1;
  return settings;
}

std::string make_login(const std::string& headers = "") {
  return "POST /v1/session HTTP/1.1\r\nHost: page.example\r\nOrigin: https://page.example\r\n" +
         headers + "Content-Length: 2\r\nConnection: close\r\n\r\n{}";
}

void name_client(const Request& request, const Deliver& deliver) {
  deliver({.status = 200, .headers = {}, .body = "client=" + request.client});
}

/// True when the gate has closed it without a word.
bool is_turned_away(RawClient& client) { return client.read_all().empty(); }

const char* const kPlainGet = "GET /v1/session HTTP/1.1\r\nHost: page.example\r\n\r\n";

TEST(AddressLimit, ToldToWaitWhenTheBurstIsSpent) {
  const RunningGate gate(echo_target, make_strangers());
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(has(ask(gate.port(), make_login()), " 200 "));
  const std::string answer = ask(gate.port(), make_login());
  EXPECT_TRUE(has(answer, "HTTP/1.1 429 ")) << answer;
  EXPECT_TRUE(has(answer, "\"code\":\"rate_limited\"")) << answer;
  EXPECT_TRUE(has(answer, "Access-Control-Allow-Origin: https://page.example\r\n")) << answer;
  EXPECT_TRUE(has(answer, "Access-Control-Expose-Headers: Retry-After\r\n")) << answer;
  const std::size_t at = answer.find("Retry-After: ");
  ASSERT_NE(at, std::string::npos) << answer;
  const int seconds = std::stoi(answer.substr(at + 13, 4));
  EXPECT_GE(seconds, 1);
  EXPECT_LE(seconds, 60);
  EXPECT_TRUE(has(answer, "\"retry_after\":" + std::to_string(seconds))) << answer;
}

TEST(AddressLimit, IsAboutSigningInOnly) {
  const RunningGate gate(echo_target, make_strangers());
  for (int i = 0; i < 3; ++i) (void)ask(gate.port(), make_login());
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(has(ask(gate.port(), kPlainGet), " 200 "));
  EXPECT_TRUE(has(ask(gate.port(),
                      "OPTIONS /v1/session HTTP/1.1\r\nHost: a\r\nOrigin: "
                      "https://page.example\r\nAccess-Control-Request-Method: "
                      "POST\r\n\r\n"),
                  " 204 "));
}

TEST(AddressLimit, IsNotEscapedByHeadersFromAStranger) {
  const RunningGate gate(name_client, make_strangers());
  EXPECT_TRUE(has(ask(gate.port(), make_login()), "client=127.0.0.1"));
  EXPECT_TRUE(
      has(ask(gate.port(), make_login("X-Forwarded-For: 192.0.2.1\r\n")), "client=127.0.0.1"));
  for (const std::string header :
       {"X-Forwarded-For: 192.0.2.2", "X_Forwarded_For: 192.0.2.3", "Forwarded: for=192.0.2.4",
        "X-Real-IP: 192.0.2.5", "REMOTE_ADDR: 192.0.2.6", "X-Forwarded-For: 127.0.0.1",
        "X-Client-IP: 192.0.2.7", "CF-Connecting-IP: 192.0.2.8", "True-Client-IP: 192.0.2.9"}) {
    EXPECT_TRUE(has(ask(gate.port(), make_login(header + "\r\n")), " 429 ")) << header;
  }
}

TEST(AddressLimit, CountsWhomATrustedProxyNames) {
  Settings settings = make_strangers();
  settings.trusted_proxies = {"127.0.0.0/8", "10.0.0.0/8"};
  const RunningGate gate(name_client, settings);
  struct Case {
    std::string header;
    std::string client;
  };
  for (const Case& each : std::vector<Case>{
           {"X-Forwarded-For: 192.0.2.1\r\n", "client=192.0.2.1"},
           {"x-forwarded-for: 198.51.100.1, 192.0.2.1:4711, 10.0.0.2\r\n", "client=192.0.2.1"},
           {"X-Forwarded-For: ::ffff:192.0.2.1\r\n", ""},  // the third of the same
           {"X-Forwarded-For: 198.51.100.1\r\nX-Forwarded-For: 192.0.2.1\r\n", ""},
           {"X-Forwarded-For: 192.0.2.2\r\n", "client=192.0.2.2"},
           {"X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: 10.9.9.9\r\n", ""},
           {"X-Forwarded-For: 2001:db8::1\r\n", "client=2001:db8::1"},
           {"X-Forwarded-For: [2001:db8::2]:443\r\n", "client=2001:db8::2"},
           {"X-Forwarded-For: 2001:db8::3\r\n", ""},
           {"X-Forwarded-For: 192.0.2.1, unknown\r\n", "client=127.0.0.1"}}) {
    const std::string answer = ask(gate.port(), make_login(each.header));
    EXPECT_TRUE(has(answer, each.client.empty() ? " 429 " : each.client)) << each.header << answer;
  }
}

TEST(AddressLimit, LeavesATrustedProxyThatNamesNobodyAlone) {
  Settings settings = make_strangers();
  settings.trusted_proxies = {"127.0.0.0/8"};
  const RunningGate gate(echo_target, settings);
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(has(ask(gate.port(), make_login()), " 200 "));
  for (const std::string header : {"X_Forwarded_For: 192.0.2.3", "Forwarded: for=192.0.2.4"}) {
    for (int i = 0; i < 3; ++i) {
      EXPECT_TRUE(has(ask(gate.port(), make_login(header + "\r\n")), " 200 ")) << header;
    }
  }
}

TEST(AddressLimit, HoldsConnectionsToo) {
  Settings settings = make_strangers();
  settings.limits.connections_per_address = 2;
  const RunningGate gate(echo_target, settings);
  RawClient first(gate.port());
  RawClient second(gate.port());
  RawClient third(gate.port());
  EXPECT_TRUE(is_turned_away(third));
  second.send(kPlainGet);
  EXPECT_TRUE(has(second.read_answer(), " 200 "));
  first.leave();
  std::string answer;
  for (int i = 0; i < 500 && answer.empty(); ++i) answer = ask(gate.port(), kPlainGet);
  EXPECT_TRUE(has(answer, " 200 ")) << "a place was free again";
}

TEST(AddressLimit, HoldsNoConnectionsOfATrustedProxy) {
  Settings settings = make_settings();
  settings.limits.connections_per_address = 1;
  const RunningGate gate(echo_target, settings);
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 20; ++i) clients.push_back(std::make_unique<RawClient>(gate.port()));
  for (const auto& client : clients) {
    client->send(kPlainGet);
    EXPECT_TRUE(has(client->read_answer(), " 200 "));
  }
}

TEST(FullGate, AsksTheLongestIdleToLeave) {
  Settings settings = make_settings();
  settings.limits.connections = 3;
  const RunningGate gate(echo_target, settings);
  RawClient busy(gate.port());
  busy.send("GET /v1/session HTTP/1.1\r\n");
  RawClient idle(gate.port());
  idle.send(kPlainGet);
  EXPECT_TRUE(has(idle.read_answer(), " 200 "));
  // Who has the answer may know it before the loop has gone on to be idle, and the loops are two.
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  RawClient later(gate.port());
  later.send(kPlainGet);
  EXPECT_TRUE(has(later.read_answer(), " 200 "));
  EXPECT_TRUE(has(ask(gate.port(), kPlainGet), " 200 "));
  EXPECT_TRUE(is_turned_away(idle));
  later.send(kPlainGet);
  EXPECT_TRUE(has(later.read_answer(), " 200 "));
  busy.send("Host: a\r\n\r\n");
  EXPECT_TRUE(has(busy.read_answer(), " 200 "));
}

TEST(FullGate, LetsNewOnesWaitWhileNobodyIsIdle) {
  Settings settings = make_settings();
  settings.limits.connections = 2;
  std::mutex mutex;
  std::vector<Deliver> held;
  std::condition_variable changed;
  const RunningGate gate(
      [&](const Request&, const Deliver& deliver) {
        std::unique_lock lock(mutex);
        held.push_back(deliver);
        changed.notify_all();
        changed.wait(lock, [&] { return held.empty(); });
        deliver({.status = 200, .headers = {}, .body = "done"});
      },
      settings);
  RawClient first(gate.port());
  RawClient second(gate.port());
  first.send(kLogin);
  second.send(kLogin);
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return held.size() == 2; });
  }
  RawClient third(gate.port());
  third.send(kLogin);
  {
    const std::scoped_lock lock(mutex);
    held.clear();
  }
  changed.notify_all();
  EXPECT_TRUE(has(first.read_answer(), "done"));
  EXPECT_TRUE(has(second.read_answer(), "done"));
  {
    std::unique_lock lock(mutex);  // the third, once one of the two has been idle for a second
    changed.wait(lock, [&] { return held.size() == 1; });
    held.clear();
  }
  changed.notify_all();
  EXPECT_TRUE(has(third.read_answer(), "done"));
}

}  // namespace
}  // namespace portero
