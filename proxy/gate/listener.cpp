#include "proxy/gate/listener.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <optional>
#include <system_error>

#include "proxy/telemetry/log.h"

namespace portero {
namespace {

constexpr int kBacklog = 1024;
constexpr rlim_t kLoginFiles = 9;
constexpr rlim_t kOwnFiles = 256;  // what we open besides visitors' connections and GitHub's

Problem make_taken(const std::string& listen) {
  return {listen + " is taken", "another program, perhaps another portero, listens there",
          "stop it or choose another `listen`"};
}

Problem describe(const std::string& listen, int error) {
  if (error == EADDRINUSE) return make_taken(listen);
  if (error == EACCES) {
    return {listen, "not allowed",
            "choose a port from 1024 up, or a directory that may be written"};
  }
  if (error == EADDRNOTAVAIL) {
    return {listen, "this machine has no such address", "choose one of its own, or 0.0.0.0"};
  }
  return {listen, std::generic_category().message(error), "choose another `listen`"};
}

/// A socket file has its permissions from its first moment, so nobody connects before a chmod.
int bind_with_mode(int fd, const sockaddr* name, socklen_t size, const std::string& octal) {
  constexpr mode_t kAll = 0777;
  constexpr int kOctal = 8;
  mode_t mode = 0;  // unreadable: nobody's
  std::from_chars(octal.data(), octal.data() + octal.size(), mode, kOctal);
  const mode_t before = ::umask(kAll & ~mode);
  const int bound = ::bind(fd, name, size);
  const int error = errno;
  ::umask(before);
  errno = error;
  return bound;
}

/// The address of "unix:/path"; nullopt: the path is too short or too long.
std::optional<sockaddr_un> make_unix_address(std::string_view listen) {
  const std::string_view path = listen.substr(kUnixPrefix.size());
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) return std::nullopt;
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

const sockaddr* name_of(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

Result<Descriptor, Problem> open_unix(const std::string& listen, const std::string& mode) {
  const std::optional<sockaddr_un> address = make_unix_address(listen);
  if (!address) {
    return Problem{listen, "a unix socket's path has 1 to 107 bytes", "choose a shorter one"};
  }
  const char* path = address->sun_path;
  struct stat about = {};
  if (lstat(path, &about) == 0 && S_ISSOCK(about.st_mode)) {
    const Descriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::connect(probe.get(), name_of(*address), sizeof *address) == 0 || errno != ECONNREFUSED) {
      return make_taken(listen);
    }
    ::unlink(path);
  }
  Descriptor fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (fd.is_open() && bind_with_mode(fd.get(), name_of(*address), sizeof *address, mode) == 0 &&
      ::listen(fd.get(), kBacklog) == 0) {
    return fd;
  }
  return describe(listen, errno);
}

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

/// What "ADDRESS:PORT" names; null: nothing.
Addresses resolve(const std::string& listen) {
  const std::size_t colon = listen.rfind(':');
  std::string host = listen.substr(0, colon);
  const std::string port = colon == std::string::npos ? "" : listen.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const bool is_whole = !host.empty() && !port.empty();
  if (!is_whole || ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) found = nullptr;
  return {found, ::freeaddrinfo};
}

Descriptor connect_within(int family, const sockaddr* name, socklen_t size, timeval patience) {
  Descriptor fd(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  for (const int option : {SO_SNDTIMEO, SO_RCVTIMEO}) {
    (void)::setsockopt(fd.get(), SOL_SOCKET, option, &patience, sizeof patience);
  }
  if (fd.is_open() && ::connect(fd.get(), name, size) != 0) fd.reset();
  return fd;
}

Descriptor open_tcp(const addrinfo& info) {
  Descriptor fd(::socket(info.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  // For a quick restart only: with it, two living listeners still exclude each other.
  if (fd.is_open() && ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
      ::bind(fd.get(), info.ai_addr, info.ai_addrlen) == 0 && ::listen(fd.get(), kBacklog) == 0) {
    return fd;
  }
  const int error = errno;
  fd.reset();
  errno = error;
  return fd;
}

}  // namespace

Result<Descriptor, Problem> open_listener(const std::string& listen, const std::string& mode) {
  if (listen.starts_with(kUnixPrefix)) return open_unix(listen, mode);
  const Addresses found = resolve(listen);
  if (!found) {
    return Problem{listen, "not an address",
                   "write ADDRESS:PORT, as in 127.0.0.1:8080, or unix:/path"};
  }
  Descriptor fd = open_tcp(*found);
  if (!fd.is_open()) return describe(listen, errno);
  return fd;
}

Descriptor connect_to(const std::string& listen, std::chrono::seconds patience) {
  const timeval limit = {.tv_sec = patience.count(), .tv_usec = 0};
  if (listen.starts_with(kUnixPrefix)) {
    const std::optional<sockaddr_un> address = make_unix_address(listen);
    if (!address) return {};
    return connect_within(AF_UNIX, name_of(*address), sizeof *address, limit);
  }
  const Addresses found = resolve(listen);
  if (!found) return {};
  return connect_within(found->ai_family, found->ai_addr, found->ai_addrlen, limit);
}

int port_of(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  if (address.ss_family == AF_INET) {
    return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
  }
  if (address.ss_family == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port);
  }
  return 0;
}

int accept_connection(int listener, std::string& peer) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  auto* name = reinterpret_cast<sockaddr*>(&address);
  const int fd = ::accept4(listener, name, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) return fd;
  peer = "unix";
  if (address.ss_family == AF_UNIX) return fd;
  const int on = 1;
  (void)::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  std::array<char, NI_MAXHOST> text{};
  const int failed =
      ::getnameinfo(name, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST);
  peer = failed == 0 ? text.data() : "unknown";
  return fd;
}

/// One connection is one file. A login's are one to GitHub, and eight at once to its API while it
/// asks about policies over HTTP/1.1.
void raise_file_limit(const Limits& limits) {
  rlimit files = {};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  const rlim_t wanted = limits.connections + kLoginFiles * limits.logins + kOwnFiles;
  if (files.rlim_cur >= wanted) return;
  files.rlim_cur = std::min(wanted, files.rlim_max);
  const bool raised = ::setrlimit(RLIMIT_NOFILE, &files) == 0;
  if (raised && files.rlim_cur == wanted) return;
  log_event(Level::kWarning, "file_limit_low",
            {{"wanted", std::to_string(wanted)}, {"fix", "raise LimitNOFILE or ulimit -Hn"}});
}

}  // namespace portero
