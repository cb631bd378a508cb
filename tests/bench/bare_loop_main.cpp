// portero-bare-loop: the least that a session check can take, for figures only. It reads from kept
// connections, looks for the end of the head and for the cookie, opens the session as the product
// does (proxy/session), and writes one answer that was prepared before. It parses nothing of HTTP,
// checks no limit, has no deadline and logs nothing: it must never face a network.
//
//   portero-bare-loop --answer FILE [--cookie NAME --keys FILE --issuer URL --origin ORIGIN]
//   first line out: `port N`; a session that does not open is answered by 401
//   without --cookie it opens nothing: the least that any answer can take
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "proxy/session/key_file.h"
#include "proxy/session/session.h"
#include "tests/bench/arguments.h"

namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr std::string_view kNobody = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n";
constexpr std::size_t kHeadMax = 8192;  // bytes
constexpr int kEvents = 64;             // of one turn of a loop

/// What all loops answer from; never changed once they run.
struct Plan {
  std::string answer;       // all bytes of it
  std::string cookie = {};  // `name=`; empty: no session is opened
  std::string issuer = {};
  std::string origin = {};
  portero::KeyRing keys = {};
};

struct Connection {
  int fd = -1;
  std::size_t size = 0;  // bytes of `bytes` that were read
  std::array<char, kHeadMax> bytes;
};

/// Where `what` begins in `text`; npos: nowhere.
std::size_t find(std::string_view text, std::string_view what) {
  const void* const found = memmem(text.data(), text.size(), what.data(), what.size());
  if (found == nullptr) return std::string_view::npos;
  return static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

std::string_view reply_to(std::string_view head, const Plan& plan) {
  if (plan.cookie.empty()) return plan.answer;
  const std::size_t at = find(head, plan.cookie);
  if (at == std::string_view::npos) return kNobody;
  const std::string_view rest = head.substr(at + plan.cookie.size());
  const std::string_view sealed = rest.substr(0, rest.find_first_of("\r;"));
  const bool opened = bool(portero::open_session(
      sealed, plan.keys, {.iss = plan.issuer, .aud = plan.origin}, std::time(nullptr)));
  return opened ? std::string_view(plan.answer) : kNobody;
}

/// False: the connection has ended, or asks for what we do not do: a long head, a second request
/// before the answer to the first.
bool serve(Connection& connection, const Plan& plan) {
  char* const to = connection.bytes.data() + connection.size;
  const ssize_t got = ::recv(connection.fd, to, kHeadMax - connection.size, 0);
  if (got <= 0) return false;
  connection.size += static_cast<std::size_t>(got);
  const std::string_view text(connection.bytes.data(), connection.size);
  const std::size_t end = find(text, kHeadEnd);
  if (end == std::string_view::npos) return text.size() < kHeadMax;
  if (end + kHeadEnd.size() != text.size()) return false;
  connection.size = 0;
  const std::string_view reply = reply_to(text.substr(0, end + 2), plan);
  return ::send(connection.fd, reply.data(), reply.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(reply.size());
}

/// A loop owns the connections that were added to its `epoll`.
void run_loop(int epoll, const Plan& plan) {
  std::array<epoll_event, kEvents> events;
  for (;;) {
    const int ready = ::epoll_wait(epoll, events.data(), kEvents, -1);
    for (int i = 0; i < ready; ++i) {
      auto* const connection =
          static_cast<Connection*>(events.at(static_cast<unsigned>(i)).data.ptr);
      if (serve(*connection, plan)) continue;
      ::close(connection->fd);
      delete connection;
    }
  }
}

/// Hands out each connection to the next loop, as portero does.
void accept_all(int listener, const std::vector<int>& loops) {
  for (std::size_t next = 0;; ++next) {
    const int fd = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) continue;
    const int yes = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    auto connection = std::make_unique<Connection>();
    connection->fd = fd;
    epoll_event event{.events = EPOLLIN, .data = {.ptr = connection.release()}};
    ::epoll_ctl(loops[next % loops.size()], EPOLL_CTL_ADD, fd, &event);
  }
}

/// On a free port of 127.0.0.1; -1: there is none.
int listen_somewhere() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  if (::bind(fd, generic, size) != 0 || ::listen(fd, 4096) != 0) return -1;
  if (getsockname(fd, generic, &size) != 0) return -1;
  std::printf("port %d\n", ntohs(address.sin_port));
  (void)std::fflush(stdout);
  return fd;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

int main(int argc, char** argv) {
  portero::bench::Arguments given(argc - 1, argv + 1);
  Plan plan{.answer = read_file(given.find("--answer", ""))};
  const std::string cookie = given.find("--cookie", "");
  if (!cookie.empty()) {
    plan.cookie = cookie + "=";
    plan.issuer = given.find("--issuer", "");
    plan.origin = given.find("--origin", "");
    auto keys = portero::read_key_file(given.find("--keys", ""), "");
    if (!keys) return 2;
    plan.keys = std::move(keys->ring);
  }
  if (plan.answer.empty() || !given.unknown().empty()) return 2;
  std::vector<int> loops;
  for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) {
    loops.push_back(::epoll_create1(EPOLL_CLOEXEC));
    std::thread(run_loop, loops.back(), std::cref(plan)).detach();
  }
  const int listener = listen_somewhere();
  if (listener < 0) return 1;
  accept_all(listener, loops);
}
