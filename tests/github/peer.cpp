// See peer.h.
#include "tests/github/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace portero::stand_in {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

}  // namespace

Peer::Peer(int socket, const std::atomic<bool>& stopping) : socket_(socket), stopping_(stopping) {
  const int yes = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

Peer::~Peer() { close(socket_); }

bool Peer::wait(short event, int milliseconds) const {
  for (int spent = 0; spent < milliseconds && !stopping_; spent += kSliceMs) {
    pollfd waiting{.fd = socket_, .events = event, .revents = 0};
    if (poll(&waiting, 1, kSliceMs) > 0) return (waiting.revents & event) != 0;
  }
  return false;
}

bool Peer::send_all(std::string_view text) const {
  while (!text.empty()) {
    if (!wait(POLLOUT, 10'000)) return false;
    const ssize_t sent = send(socket_, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool Peer::read_some(std::string& into) const {
  std::array<char, 16 * 1024> buffer{};
  if (!wait(POLLIN, 10'000)) return false;
  const ssize_t got = recv(socket_, buffer.data(), buffer.size(), 0);
  if (got <= 0) return false;
  into.append(buffer.data(), static_cast<std::size_t>(got));
  return true;
}

void Peer::linger(int milliseconds) const {
  std::string ignored;
  for (int spent = 0; spent < milliseconds && !stopping_; spent += kSliceMs) {
    pollfd waiting{.fd = socket_, .events = POLLIN, .revents = 0};
    if (poll(&waiting, 1, kSliceMs) > 0 && !read_some(ignored)) return;
  }
}

void Peer::reset_on_close() const {
  const ::linger option{.l_onoff = 1, .l_linger = 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &option, sizeof option);
}

int bind_loopback(int& port) {
  const int bound = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(bound, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes);
  sockaddr_in address = loopback(port);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  if (bind(bound, generic, size) != 0 || getsockname(bound, generic, &size) != 0) {
    close(bound);
    return -1;
  }
  port = ntohs(address.sin_port);
  return bound;
}

int connect_loopback(int port) {
  const int connected = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  if (connect(connected, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    return connected;
  }
  close(connected);
  return -1;
}

int begin_connect_loopback(int port) {
  const int begun = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const sockaddr_in address = loopback(port);
  static_cast<void>(connect(begun, reinterpret_cast<const sockaddr*>(&address), sizeof address));
  return begun;
}

}  // namespace portero::stand_in
