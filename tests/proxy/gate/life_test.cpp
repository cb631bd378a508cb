// The gate from its first visitor to its last: what a request keeps of a reload, who is still
// answered while draining, the operator's own listener, sockets that were handed over.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <atomic>
#include <filesystem>
#include <future>
#include <memory>
#include <vector>

#include "proxy/gate/listener.h"
#include "tests/proxy/gate/loopback.h"

namespace portero {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kCloses = "Connection: close\r\n";

/// Answers with that text: which configuration a request has.
GateConfig say(const std::string& text) {
  return make_config([text](const Request&, const Deliver& deliver) {
    deliver({.status = 200, .headers = {}, .body = text});
  });
}

/// Answers a sign-in once it is told to, all else at once.
struct Waiting {
  std::promise<void> go;
  std::shared_future<void> told = go.get_future().share();
  std::atomic<int> started = 0;
  GateConfig say(const std::string& text) {
    return make_config([this, text](const Request& request, const Deliver& deliver) {
      if (request.method == "POST") {
        ++started;
        told.wait();
      }
      deliver({.status = 200, .headers = {}, .body = text});
    });
  }
  void wait_for(int jobs) const {
    while (started < jobs) std::this_thread::yield();
  }
};

TEST(Reload, IsSeenByTheNextRequestOfAKeptConnection) {
  const RunningGate gate(say("old"));
  RawClient client(gate.port());
  client.send(kGet + "\r\n");
  EXPECT_TRUE(client.read_answer().ends_with("\r\n\r\nold"));
  gate.gate().publish(share(say("new")));
  std::string answer;
  do {
    client.send(kGet + "\r\n");
    answer = client.read_answer();
  } while (answer.ends_with("\r\n\r\nold"));
  EXPECT_TRUE(answer.ends_with("\r\n\r\nnew")) << answer;
}

TEST(Reload, IsSeenByEveryLoop) {
  GateConfig old = say("old");
  old.limits.loops = 3;
  const RunningGate gate(std::move(old));
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 6; ++i) clients.push_back(std::make_unique<RawClient>(gate.port()));
  gate.gate().publish(share(say("new")));
  for (const auto& client : clients) {
    std::string answer;
    do {
      client->send(kGet + "\r\n");
      answer = client->read_answer();
    } while (answer.ends_with("\r\n\r\nold"));
    EXPECT_TRUE(answer.ends_with("\r\n\r\nnew")) << answer;
  }
}

TEST(Reload, LeavesARequestInHandWithWhatItBeganWith) {
  Waiting waiting;
  const RunningGate gate(waiting.say("old"));
  RawClient client(gate.port());
  client.send(kLogin);
  waiting.wait_for(1);
  gate.gate().publish(share(say("new")));
  EXPECT_TRUE(
      ask(gate.port(), "OPTIONS / HTTP/1.1\r\nHost: p\r\n\r\n").starts_with("HTTP/1.1 405"));
  waiting.go.set_value();
  EXPECT_TRUE(client.read_answer().ends_with("\r\n\r\nold"));
}

TEST(Drain, AnswersWhatIsInHandAndOneMoreOfAKeptConnectionAndCloses) {
  Waiting waiting;
  std::atomic<bool> is_stopping = false;  // on the loop, unlike is_draining()
  GateConfig config = waiting.say("");
  config.limits.loops = 1;  // so that all of them know when the hook says so
  RunningGate gate(std::move(config), anywhere(),
                   {.routes = routes(), .stopping = [&is_stopping] { is_stopping = true; }});
  RawClient in_hand(gate.port());
  RawClient half_sent(gate.port());
  RawClient kept(gate.port());
  kept.send("OPTIONS /v1/session HTTP/1.1\r\nHost: p\r\n\r\n");
  EXPECT_FALSE(has(kept.read_answer(), kCloses));
  half_sent.send(kGet);
  in_hand.send(kLogin);
  waiting.wait_for(1);
  gate.gate().stop();
  while (!is_stopping) std::this_thread::yield();
  EXPECT_TRUE(gate.gate().is_draining());
  kept.send("OPTIONS /v1/session HTTP/1.1\r\nHost: p\r\n\r\n");
  half_sent.send("\r\n");
  waiting.go.set_value();
  for (RawClient* client : {&in_hand, &half_sent, &kept}) {
    const std::string answer = client->read_all();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 ")) << answer;
    EXPECT_TRUE(has(answer, kCloses)) << answer;
  }
}

TEST(Drain, EndsTheConnectionsOfEveryLoop) {
  GateConfig config = say("here");
  config.limits.loops = 4;
  RunningGate gate(std::move(config));
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 12; ++i) {
    clients.push_back(std::make_unique<RawClient>(gate.port()));
    clients.back()->send(kGet + "\r\n");
    EXPECT_TRUE(clients.back()->read_answer().ends_with("\r\n\r\nhere"));
  }
  gate.stop();
  for (const auto& client : clients) EXPECT_EQ(client->read_all(), "");
}

TEST(Drain, EndsASilentConnectionWithoutAWordAndTellsOnce) {
  std::atomic<int> told = 0;
  RunningGate gate(say(""), anywhere(), {.routes = routes(), .stopping = [&told] { ++told; }});
  RawClient silent(gate.port());
  gate.gate().stop();
  gate.gate().stop();
  EXPECT_EQ(silent.read_all(), "");
  gate.stop();
  EXPECT_EQ(told, 1);
}

TEST(Drain, LetsInWhoHadBeenWaitingAtItsOwnSocket) {
  RunningGate gate(say("here"));
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 50; ++i) {
    clients.push_back(std::make_unique<RawClient>(gate.port()));
    clients.back()->send(kGet + "\r\n");
  }
  gate.gate().stop();
  for (const auto& client : clients) {
    EXPECT_TRUE(client->read_all().ends_with("\r\n\r\nhere"));
  }
}

/// A socket as a supervisor would make it.
Descriptor listen_on_loopback() { return std::move(*open_listener("127.0.0.1:0", "0660")); }

TEST(HandedSocket, IsServedAndNotBoundAgain) {
  Descriptor socket = listen_on_loopback();
  const int port = port_of(socket.get());
  const RunningGate gate(say("mine"), {.handed_visitors = std::move(socket)});
  EXPECT_EQ(gate.port(), port);
  EXPECT_TRUE(ask(port, kGet + "\r\n").ends_with("\r\n\r\nmine"));
}

TEST(HandedSocket, KeepsWhoWaitsForTheNextProcess) {
  const Descriptor socket = listen_on_loopback();
  const auto serve_once = [&](const std::string& name) {
    return std::make_unique<RunningGate>(
        say(name), Listening{.handed_visitors = Descriptor(::dup(socket.get()))});
  };
  auto first = serve_once("first");
  EXPECT_TRUE(ask(first->port(), kGet + "\r\n").ends_with("first"));
  first.reset();
  RawClient between(port_of(socket.get()));
  between.send(kGet + "\r\n");
  const auto second = serve_once("second");
  EXPECT_TRUE(between.read_answer().ends_with("second"));
}

/// Two listeners; the internal one on a socket that was handed over.
struct TwoListeners {
  Descriptor internal = listen_on_loopback();
  const int port = port_of(internal.get());
  Listening listening() {
    Listening both = anywhere();
    both.handed_internal = std::move(internal);
    return both;
  }
};

TEST(InternalListener, AnswersItsOwnQuestionsAndNobodyElses) {
  TwoListeners two;
  const RunningGate gate(
      make_config([](const Request& request, const Deliver& deliver) {
        deliver({.status = 200, .headers = {}, .body = request.method + request.target});
      }),
      two.listening());
  EXPECT_TRUE(ask(two.port, "GET /metrics HTTP/1.1\r\nHost: p\r\n\r\n").ends_with("GET/metrics"));
  EXPECT_TRUE(ask(gate.port(), kGet + "\r\n").ends_with("GET/v1/session"));
  const auto status = [](int port, const std::string& line) {
    return ask(port, line + " HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n").substr(9, 3);
  };
  EXPECT_EQ(status(gate.port(), "GET /metrics"), "404");
  EXPECT_EQ(status(two.port, "GET /v1/config"), "404");
  EXPECT_EQ(status(two.port, "POST /metrics"), "405");
  EXPECT_EQ(status(two.port, "HEAD /healthz"), "200");
}

TEST(InternalListener, TakesAForwardedCopyOfAnybodysRequest) {
  static constexpr Route kAny{.method = "GET", .path = "/v1/check/all", .lane = Lane::kLoop};
  TwoListeners two;
  const RunningGate gate(
      say("yes"), two.listening(),
      {.routes = routes(), .match = [](Listener listener, std::string_view, std::string_view) {
         return RouteMatch{.route = listener == Listener::kInternal ? &kAny : nullptr};
       }});
  const int port = two.port;
  RawClient client(port);
  client.send(
      "GET /v1/check/all?next=%2f HTTP/1.1\r\nHost: a\r\nOrigin: %00\r\nOrigin: x\r\n"
      "Content-Encoding: gzip\r\nExpect: 100-continue\r\nRange: bytes=0-1\r\n"
      "Content-Length: 1000000\r\n\r\n");
  const std::string answer = client.read_all();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
  EXPECT_TRUE(has(answer, kCloses)) << answer;
}

class UnixSocket : public testing::TestWithParam<const char*> {};

TEST_P(UnixSocket, HasTheRightsThatWereAskedFor) {
  const std::string path =
      testing::TempDir() + "portero-" + GetParam() + "-" + std::to_string(::getpid());
  const auto listening = [&] { return Listening{.visitors = "unix:" + path, .mode = GetParam()}; };
  {
    const RunningGate gate(say(""), listening());
    struct stat about = {};
    ASSERT_EQ(::stat(path.c_str(), &about), 0);
    EXPECT_TRUE(S_ISSOCK(about.st_mode));
    EXPECT_EQ(about.st_mode & 0777U, std::stoul(GetParam(), nullptr, 8));
    const auto second = Gate::open(share(say("")), {.routes = routes()}, listening());
    ASSERT_FALSE(second);
    const std::string why = second.error().text();
    EXPECT_TRUE(has(why, " is taken")) << why;
  }
  EXPECT_FALSE(std::filesystem::exists(path)) << "it was ours to take away";
}

INSTANTIATE_TEST_SUITE_P(Modes, UnixSocket, testing::Values("0600", "0660", "0666"));

TEST(UnixSocket, OfADeadProgramIsReplaced) {
  const std::string path = testing::TempDir() + "portero-dead-" + std::to_string(::getpid());
  {
    const Result<Descriptor, Problem> dead = open_listener("unix:" + path, "0600");
    ASSERT_TRUE(dead) << dead.error().text();
  }
  ASSERT_TRUE(std::filesystem::exists(path));
  const RunningGate gate(say(""), {.visitors = "unix:" + path});
  EXPECT_EQ(gate.port(), 0);
}

}  // namespace
}  // namespace portero
