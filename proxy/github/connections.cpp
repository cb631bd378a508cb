#include "proxy/github/connections.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

namespace portero {
namespace {

constexpr int kLooks = 10;  // within the time after which an idle one ends

/// At our end; 0: none.
int port_of(curl_socket_t socket) {
  sockaddr_in6 address = {};  // an IPv4 address has its port in the same place
  socklen_t size = sizeof address;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  return ntohs(address.sin6_port);
}

}  // namespace

curl_socket_t UpstreamConnections::open(const curl_sockaddr& address) {
  const int type = address.socktype | SOCK_CLOEXEC;
  const curl_socket_t socket = ::socket(address.family, type, address.protocol);
  if (socket < 0) return socket;
  opened_.push_back(socket);
  ++held_;
  return socket;
}

int UpstreamConnections::close(curl_socket_t socket) {
  std::erase(opened_, socket);
  const auto at = by_port_.find(port_of(socket));
  if (at != by_port_.end() && at->second->socket == socket) by_port_.erase(at);
  --held_;
  return ::close(socket);
}

UpstreamConnections::Shared UpstreamConnections::at_port(int port) {
  Shared& connection = by_port_[port];
  if (connection != nullptr) return connection;
  connection = std::make_shared<UpstreamConnection>();
  connection->heard = Clock::now();
  const auto socket = std::find_if(opened_.begin(), opened_.end(),
                                   [port](curl_socket_t one) { return port_of(one) == port; });
  if (socket == opened_.end()) return connection;
  connection->socket = *socket;
  opened_.erase(socket);
  return connection;
}

void UpstreamConnections::end_idle(Clock::duration idle) {
  const Clock::time_point now = Clock::now();
  if (now - looked_ < idle / kLooks) return;
  looked_ = now;
  std::erase_if(by_port_, [now, idle](const auto& one) {
    const UpstreamConnection& connection = *one.second;
    if (connection.calls > 0 || now - connection.heard < idle) return false;
    ::shutdown(connection.socket, SHUT_RDWR);
    return true;
  });
}

void UpstreamConnections::end(const Shared& connection) {
  std::erase_if(by_port_, [&connection](const auto& one) {
    if (one.second != connection) return false;
    ::shutdown(connection->socket, SHUT_RDWR);
    return true;
  });
}

}  // namespace portero
