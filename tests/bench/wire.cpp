#include "tests/bench/wire.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace portero::bench {
namespace {

bool is_later(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

}  // namespace

int open_socket(int port, int receive_buffer) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  const int yes = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (receive_buffer > 0) {
    ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  if (::connect(fd, generic, sizeof address) == 0 || errno == EINPROGRESS) return fd;
  ::close(fd);
  return -1;
}

int socket_error(int fd) {
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

void Wire::ask(std::string request, Done done) {
  request_ = std::move(request);
  done_ = std::move(done);
  sent_ = 0;
  reply_ = {};
  reused_ = fd_ >= 0;
  if (fd_ < 0) {
    fd_ = open_socket(port_);
    connected_ = false;
  }
  watch(EV_WRITE);
}

void Wire::close() {
  event_.reset();
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

void Wire::on_event(int /*fd*/, short what, void* self) { static_cast<Wire*>(self)->step(what); }

void Wire::watch(short what) {
  event_.reset(event_new(base_, fd_, static_cast<short>(what | EV_PERSIST), on_event, this));
  const timeval limit{timeout_, 0};
  const timeval at_once{0, 0};
  // Without a socket there is nothing to wait for but the loop's next turn.
  event_add(event_.get(), fd_ < 0 ? &at_once : &limit);
}

void Wire::step(short what) {
  if (fd_ < 0) return finish(End::kRefused);
  if ((what & EV_TIMEOUT) != 0 && done_) return finish(End::kTimedOut);
  if ((what & EV_WRITE) != 0) return send();
  receive();
}

void Wire::send() {
  if (!connected_ && socket_error(fd_) != 0) return finish(End::kRefused);
  connected_ = true;
  const ssize_t sent = ::send(fd_, request_.data() + sent_, request_.size() - sent_, MSG_NOSIGNAL);
  if (sent < 0 && !is_later(errno)) return finish(End::kUntouched);
  if (sent > 0) sent_ += static_cast<std::size_t>(sent);
  if (sent_ == request_.size()) watch(EV_READ);
}

void Wire::receive() {
  std::array<char, 64 * 1024> bytes;
  const ssize_t got = ::recv(fd_, bytes.data(), bytes.size(), 0);
  if (got < 0 && is_later(errno)) return;
  if (!done_) return close();  // at rest: the server closed, or says what nobody asked
  if (got > 0) {
    reply_.feed({bytes.data(), static_cast<std::size_t>(got)});
    if (reply_.is_complete()) finish(End::kAnswered);
    return;
  }
  if (reply_.is_empty()) return finish(End::kUntouched);
  reply_.end();
  finish(got == 0 && reply_.is_complete() ? End::kAnswered : End::kBroken);
}

void Wire::finish(End end) {
  if (end != End::kAnswered || reply_.closes()) {
    close();
  } else {
    watch(EV_READ);
  }
  const Done done = std::exchange(done_, nullptr);
  done({.end = end, .reused = reused_, .reply = std::exchange(reply_, {})});
}

}  // namespace portero::bench
