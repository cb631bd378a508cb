// The gate from its first visitor to its last: what a request keeps of a reload, who is still
// answered while draining, the operator's own listener, sockets that were handed over.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <atomic>
#include <filesystem>
#include <future>

#include "tests/proxy/gate/loopback.h"

namespace portero {
namespace {

using namespace std::chrono_literals;

const std::string kGet = "GET /v1/session HTTP/1.1\r\nHost: p\r\nOrigin: https://page.example\r\n";
constexpr std::string_view kCloses = "Connection: close\r\n";

/// Answers with the scope of the first site: which snapshot a request has.
GateHooks tell_scope() {
  return {.serve = [](const Request&, const SnapshotPointer& snapshot, const Deliver& deliver) {
    deliver({.status = 200, .headers = {}, .body = snapshot->settings.sites[0].scope});
  }};
}

std::shared_ptr<Snapshot> make_snapshot_with_scope(const std::string& scope) {
  Settings settings = make_settings();
  settings.sites[0].scope = scope;
  return make_snapshot(std::move(settings));
}

/// Answers once it is told to.
struct Waiting {
  std::promise<void> go;
  std::shared_future<void> told = go.get_future().share();
  std::atomic<int> started = 0;
  GateHooks hooks() {
    return {
        .serve = [this](const Request&, const SnapshotPointer& snapshot, const Deliver& deliver) {
          ++started;
          told.wait();
          deliver({.status = 200, .headers = {}, .body = snapshot->settings.sites[0].scope});
        }};
  }
  void wait_for(int jobs) const {
    while (started < jobs) std::this_thread::yield();
  }
};

TEST(Reload, IsSeenByTheNextRequestOfAKeptConnection) {
  const RunningGate gate(tell_scope(), make_snapshot_with_scope("old"));
  RawClient client(gate.port());
  client.send(kGet + "\r\n");
  EXPECT_TRUE(client.read_answer().ends_with("\r\n\r\nold"));
  gate.gate().publish(make_snapshot_with_scope("new"));
  std::string answer;
  do {
    client.send(kGet + "\r\n");
    answer = client.read_answer();
  } while (answer.ends_with("\r\n\r\nold"));
  EXPECT_TRUE(answer.ends_with("\r\n\r\nnew")) << answer;
}

TEST(Reload, LeavesARequestInHandWithWhatItBeganWith) {
  Waiting waiting;
  const RunningGate gate(waiting.hooks(), make_snapshot_with_scope("old"));
  RawClient client(gate.port());
  client.send(kGet + "\r\n");
  waiting.wait_for(1);
  gate.gate().publish(make_snapshot_with_scope("new"));
  EXPECT_TRUE(
      ask(gate.port(), "OPTIONS / HTTP/1.1\r\nHost: p\r\n\r\n").starts_with("HTTP/1.1 405"));
  waiting.go.set_value();
  EXPECT_TRUE(client.read_answer().ends_with("\r\n\r\nold"));
}

TEST(Drain, AnswersWhatIsInHandAndOneMoreOfAKeptConnectionAndCloses) {
  Waiting waiting;
  RunningGate gate(waiting.hooks(), make_snapshot());
  RawClient in_hand(gate.port());
  RawClient half_sent(gate.port());
  RawClient kept(gate.port());
  kept.send("OPTIONS /v1/session HTTP/1.1\r\nHost: p\r\n\r\n");
  EXPECT_FALSE(has(kept.read_answer(), kCloses));
  half_sent.send(kGet);
  in_hand.send(kGet + "\r\n");
  waiting.wait_for(1);
  gate.gate().stop();
  while (!gate.gate().is_draining()) std::this_thread::yield();
  kept.send("OPTIONS /v1/session HTTP/1.1\r\nHost: p\r\n\r\n");
  half_sent.send("\r\n");
  waiting.go.set_value();
  for (RawClient* client : {&in_hand, &half_sent, &kept}) {
    const std::string answer = client->read_all();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 ")) << answer;
    EXPECT_TRUE(has(answer, kCloses)) << answer;
  }
}

TEST(Drain, EndsASilentConnectionWithoutAWordAndTellsOnce) {
  std::atomic<int> told = 0;
  GateHooks hooks = tell_scope();
  hooks.stopping = [&told] { ++told; };
  RunningGate gate(std::move(hooks), make_snapshot());
  RawClient silent(gate.port());
  gate.gate().stop();
  gate.gate().stop();
  EXPECT_EQ(silent.read_all(), "");
  gate.stop();
  EXPECT_EQ(told, 1);
}

TEST(Drain, LetsInWhoHadBeenWaitingAtItsOwnDoor) {
  RunningGate gate(tell_scope(), make_snapshot_with_scope("here"));
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
Descriptor listen_on_loopback() {
  std::string why;
  return open_listener("127.0.0.1:0", "0660", why);
}

TEST(HandedSocket, IsServedAndNotBoundAgain) {
  Descriptor socket = listen_on_loopback();
  const int port = port_of(socket.get());
  const RunningGate gate(tell_scope(), make_snapshot_with_scope("mine"),
                         {.visitors = std::move(socket), .internal = {}});
  EXPECT_EQ(gate.port(), port);
  EXPECT_TRUE(ask(port, kGet + "\r\n").ends_with("\r\n\r\nmine"));
}

TEST(HandedSocket, KeepsWhoWaitsForTheNextProcess) {
  const Descriptor socket = listen_on_loopback();
  const auto serve_once = [&](const std::string& name) {
    return std::make_unique<RunningGate>(
        tell_scope(), make_snapshot_with_scope(name),
        HandedSockets{.visitors = Descriptor(::dup(socket.get())), .internal = {}});
  };
  auto first = serve_once("first");
  EXPECT_TRUE(ask(first->port(), kGet + "\r\n").ends_with("first"));
  first.reset();
  RawClient between(port_of(socket.get()));
  between.send(kGet + "\r\n");
  const auto second = serve_once("second");
  EXPECT_TRUE(between.read_answer().ends_with("second"));
}

TEST(InternalListener, AnswersItsOwnQuestionsAndNobodyElses) {
  GateHooks hooks = tell_scope();
  hooks.serve_internal = [](const Request& request) {
    return Response{.status = 200, .headers = {}, .body = request.method + request.target};
  };
  Descriptor internal = listen_on_loopback();
  const int port = port_of(internal.get());
  const RunningGate gate(std::move(hooks), make_snapshot_with_scope("visitor"),
                         {.visitors = {}, .internal = std::move(internal)});
  EXPECT_TRUE(ask(port, "GET /metrics HTTP/1.1\r\nHost: p\r\n\r\n").ends_with("GET/metrics"));
  EXPECT_TRUE(ask(gate.port(), kGet + "\r\n").ends_with("visitor"));
}

TEST(InternalListener, TakesAForwardedCopyOfAnybodysRequest) {
  GateHooks hooks = tell_scope();
  hooks.serve_internal = [](const Request&) {
    return Response{.status = 200, .headers = {}, .body = "yes"};
  };
  Descriptor internal = listen_on_loopback();
  const int port = port_of(internal.get());
  const RunningGate gate(std::move(hooks), make_snapshot(),
                         {.visitors = {}, .internal = std::move(internal)});
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
  Settings settings = make_settings();
  settings.listen = "unix:" + path;
  settings.listen_mode = GetParam();
  {
    const RunningGate gate(tell_scope(), make_snapshot(settings));
    struct stat about {};
    ASSERT_EQ(::stat(path.c_str(), &about), 0);
    EXPECT_TRUE(S_ISSOCK(about.st_mode));
    EXPECT_EQ(about.st_mode & 0777U, std::stoul(GetParam(), nullptr, 8));
    std::string why;
    EXPECT_EQ(Gate::open(make_snapshot(settings), tell_scope(), {}, why), nullptr);
    EXPECT_TRUE(has(why, " is taken")) << why;
  }
  EXPECT_FALSE(std::filesystem::exists(path)) << "it was ours to take away";
}

INSTANTIATE_TEST_SUITE_P(Modes, UnixSocket, testing::Values("0600", "0660", "0666"));

TEST(UnixSocket, OfADeadProgramIsReplaced) {
  const std::string path = testing::TempDir() + "portero-dead-" + std::to_string(::getpid());
  {
    std::string why;
    const Descriptor dead = open_listener("unix:" + path, "0600", why);
    ASSERT_TRUE(dead.is_open()) << why;
  }
  ASSERT_TRUE(std::filesystem::exists(path));
  Settings settings = make_settings();
  settings.listen = "unix:" + path;
  const RunningGate gate(tell_scope(), make_snapshot(settings));
  EXPECT_EQ(gate.port(), 0);
}

}  // namespace
}  // namespace portero
