#include "proxy/health.h"

#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>

#include "proxy/base/descriptor.h"
#include "proxy/gate/listener.h"

namespace portero {
namespace {

constexpr timeval kPatience = {.tv_sec = 2, .tv_usec = 0};
constexpr std::string_view kQuestion =
    "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
constexpr std::string_view kVersion = "HTTP/1.1 ";
constexpr std::size_t kStatusDigits = 3;

Descriptor connect_to(int family, const sockaddr* name, socklen_t size) {
  Descriptor fd(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd.is_open()) return fd;
  for (const int option : {SO_SNDTIMEO, SO_RCVTIMEO}) {
    (void)::setsockopt(fd.get(), SOL_SOCKET, option, &kPatience, sizeof kPatience);
  }
  if (::connect(fd.get(), name, size) != 0) fd.reset();
  return fd;
}

Descriptor connect_to_path(std::string_view path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return {};
  std::memcpy(address.sun_path, path.data(), path.size());
  return connect_to(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

/// Linux takes an address that means every one for loopback.
Descriptor connect_to_port(const std::string& listen) {
  const std::size_t colon = listen.rfind(':');
  std::string host = listen.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), listen.substr(colon + 1).c_str(), &hints, &found) != 0) return {};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, ::freeaddrinfo);
  return connect_to(found->ai_family, found->ai_addr, found->ai_addrlen);
}

/// The three digits of the answer's status; empty: there is none.
std::string ask_status(const Descriptor& fd) {
  if (!fd.is_open() || ::send(fd.get(), kQuestion.data(), kQuestion.size(), MSG_NOSIGNAL) <= 0) {
    return "";
  }
  std::array<char, kVersion.size() + kStatusDigits> text{};
  const ssize_t size = ::recv(fd.get(), text.data(), text.size(), MSG_WAITALL);
  const std::string_view got(text.data(), text.size());
  if (size != static_cast<ssize_t>(text.size()) || !got.starts_with(kVersion)) return "";
  return std::string(got.substr(kVersion.size()));
}

}  // namespace

int ask_health(const Settings& settings, std::ostream& errors) {
  const std::string& at =
      settings.internal_listen.empty() ? settings.listen : settings.internal_listen;
  if (at.ends_with(":0")) {
    errors << "portero: " << at
           << " is chosen by the system at the start; name a port to be asked\n";
    return 1;
  }
  const Descriptor fd = at.starts_with(kUnixPrefix)
                            ? connect_to_path(std::string_view(at).substr(kUnixPrefix.size()))
                            : connect_to_port(at);
  const std::string status = ask_status(fd);
  if (status == "200") return 0;
  errors << "portero: " << at
         << (status.empty() ? " does not answer" : " answers with status " + status) << '\n';
  return 1;
}

}  // namespace portero
