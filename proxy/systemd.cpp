#include "proxy/systemd.h"

#include <fcntl.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <cstddef>
#include <cstring>

#include "proxy/base/text.h"

namespace portero {
namespace {

constexpr int kFirstHanded = 3;  // SD_LISTEN_FDS_START
constexpr int kMostHanded = 64;

int option_of(int fd, int option) {
  int value = 0;
  socklen_t size = sizeof value;
  return ::getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0 ? value : 0;
}

bool is_listening(int fd) {
  return option_of(fd, SO_ACCEPTCONN) == 1 && option_of(fd, SO_TYPE) == SOCK_STREAM;
}

bool adopt(int fd) {
  const int flags = ::fcntl(fd, F_GETFL);
  return flags >= 0 && ::fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 &&
         ::fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

/// "127.0.0.1:8080", "[::1]:8080" or "unix:/path".
std::string name_socket(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  auto* name = reinterpret_cast<sockaddr*>(&address);
  if (::getsockname(fd, name, &size) != 0) return "";
  if (address.ss_family == AF_UNIX) {
    const auto* local = reinterpret_cast<const sockaddr_un*>(&address);
    return "unix:" +
           std::string(local->sun_path, ::strnlen(local->sun_path, sizeof local->sun_path));
  }
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  constexpr int kNumbers = NI_NUMERICHOST | NI_NUMERICSERV;
  if (::getnameinfo(name, size, host.data(), host.size(), port.data(), port.size(), kNumbers) !=
      0) {
    return "";
  }
  const std::string text = host.data();
  return (address.ss_family == AF_INET6 ? "[" + text + "]" : text) + ":" + port.data();
}

}  // namespace

HandedSockets take_handed_sockets(const Environment& environment, Findings& findings) {
  HandedSockets handed;
  if (read_number(value_of(environment, "LISTEN_PID")) != ::getpid()) return handed;
  const auto count = read_number(value_of(environment, "LISTEN_FDS"), 0, INT_MAX).value_or(0);
  const auto names = split(value_of(environment, "LISTEN_FDNAMES"), ':');
  for (int i = 0; i < count && i < kMostHanded; ++i) {
    const int fd = kFirstHanded + i;
    const auto at = static_cast<std::size_t>(i);
    const bool internal = at < names.size() && names[at] == "internal";
    Descriptor& place = internal ? handed.internal : handed.visitors;
    const bool good = is_listening(fd) && !place.is_open() && adopt(fd);
    if (good) place.reset(fd);
    if (good) continue;
    findings.mistake("LISTEN_FDS", "descriptor " + std::to_string(fd) + " cannot be used",
                     "hand over one listening stream socket, or a second one named `internal` "
                     "(FileDescriptorName=internal)");
  }
  if (handed.visitors.is_open()) handed.visitors_at = name_socket(handed.visitors.get());
  return handed;
}

void ServiceManager::notify(std::string_view state) const {
  sockaddr_un address{};
  if (socket_.empty() || socket_.size() >= sizeof address.sun_path) return;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, socket_.data(), socket_.size());
  if (socket_.front() == '@') address.sun_path[0] = '\0';  // Linux's abstract names
  const Descriptor fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd.is_open()) return;
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  (void)::sendto(fd.get(), state.data(), state.size(), MSG_NOSIGNAL,
                 reinterpret_cast<const sockaddr*>(&address), size);
}

}  // namespace portero
