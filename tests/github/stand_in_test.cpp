// The stand-in over real sockets: what its two ports add to what GitHub::answer() says.
#include "tests/github/stand_in.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace portero {
namespace {

/// Everything a server says to one request until it closes, up to a mebibyte.
std::string talk(int port, std::string_view request) {
  const int peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string said;
  if (connect(peer, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    send(peer, request.data(), request.size(), MSG_NOSIGNAL);
    std::array<char, 4096> buffer{};
    ssize_t got = 0;
    while (said.size() < 1024 * 1024 && (got = recv(peer, buffer.data(), buffer.size(), 0)) > 0) {
      said.append(buffer.data(), static_cast<std::size_t>(got));
    }
  }
  close(peer);
  return said;
}

std::unique_ptr<StandIn> start() {
  StandInOptions options;
  options.client_id = "id";
  options.client_secret = "secret";
  options.redirect_uris = {"http://127.0.0.1/"};
  options.with_faults = true;
  std::string why;
  auto github = StandIn::start(std::move(options), why);
  EXPECT_NE(github, nullptr) << why;
  return github;
}

constexpr std::string_view kGetUser =
    "GET /user HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: t\r\nConnection: close\r\n\r\n";

TEST(StandIn, AnswersOnBothItsPorts) {
  const auto github = start();
  for (const int port : {github->port(), github->fault_port()}) {
    const std::string said = talk(port, kGetUser);
    EXPECT_TRUE(said.starts_with("HTTP/1.1 401 ")) << said;
    EXPECT_NE(said.find("Requires authentication"), std::string::npos);
  }
  EXPECT_EQ(github->hits("user"), 2);
}

TEST(StandIn, RefusesAHostThatIsNotLoopback) {
  const auto github = start();
  const std::string said =
      talk(github->port(), "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(said.starts_with("HTTP/1.1 403 ")) << said;
}

TEST(StandIn, SaysWhichPortIsTaken) {
  const auto github = start();
  StandInOptions options;
  options.port = github->port();
  std::string why;
  EXPECT_EQ(StandIn::start(std::move(options), why), nullptr);
  EXPECT_EQ(why, "127.0.0.1:" + std::to_string(github->port()) + " is taken");
}

TEST(StandIn, TakesACallbackLate) {
  const auto github = start();
  constexpr std::string_view kAsk =
      "GET /login/oauth/authorize?client_id=id&redirect_uri=https://late.example/ HTTP/1.1\r\n"
      "Host: localhost\r\nConnection: close\r\n\r\n";
  EXPECT_TRUE(talk(github->port(), kAsk).starts_with("HTTP/1.1 302 "));
  github->add_redirect_uri("id", "https://late.example/");
  EXPECT_TRUE(talk(github->port(), kAsk).starts_with("HTTP/1.1 200 "));
}

TEST(StandIn, BreaksHttpOnItsSecondPort) {
  struct Case {
    const char* fault;
    const char* start;  // of what is said
    const char* holds;
  };
  for (const Case& one :
       {Case{"close_at_once", "", ""}, Case{"reset", "", ""}, Case{"garbage", "\x16\x16", ""},
        Case{"many_interim", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100", ""},
        Case{"reason_50k", "HTTP/1.1 401 rrrr", ""},
        Case{"headers_64k", "HTTP/1.1 200 OK\r\nX-Many: 1\r\nX-Many", ""},
        Case{"length_garbage", "HTTP/1.1 200 OK\r\n", "Content-Length: 1x\r\n"},
        Case{"chunk_garbage", "HTTP/1.1 200 OK\r\n", "\r\n\r\nxy\r\n"},
        Case{"gzip_body", "HTTP/1.1 200 OK\r\n", "Content-Encoding: gzip\r\n"},
        Case{"body_256k", "HTTP/1.1 200 OK\r\n", "Content-Length: 262145\r\n"},
        Case{"slow_but_valid", "HTTP/1.1 401 ", "Requires authentication"}}) {
    const auto github = start();
    ASSERT_TRUE(github->arm_fault("user", one.fault)) << one.fault;
    const std::string said = talk(github->fault_port(), kGetUser);
    EXPECT_TRUE(said.starts_with(one.start)) << one.fault;
    EXPECT_NE(said.find(one.holds), std::string::npos) << one.fault;
    EXPECT_EQ(std::string_view(one.start).empty(), said.empty()) << one.fault;
  }
}

TEST(StandIn, StopsWhileAFaultIsPlayed) {
  const auto github = start();
  ASSERT_TRUE(github->arm_fault("user", "silent"));
  const int peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(github->fault_port()));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(connect(peer, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  send(peer, kGetUser.data(), kGetUser.size(), MSG_NOSIGNAL);
  while (github->hits("user") == 0) usleep(1000);
  github->stop();
  close(peer);
}

}  // namespace
}  // namespace portero
