// portero-activate: what systemd does for a socket-activated service, and nothing else. It listens
// on a port of 127.0.0.1 as long as it lives; each line on standard input starts the program again
// with that socket as descriptor 3 (LISTEN_FDS=1), each end of one is told on standard output.
//
//   portero-activate PROGRAM ARGUMENT...        first line out: `port N`
//   in:  start        out: `started PID`, later `exited PID STATUS`
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

constexpr int kListenFd = 3;  // SD_LISTEN_FDS_START
constexpr int kBacklog = 4096;

int listen_on_loopback(int& port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  if (fd < 0 || ::bind(fd, generic, size) != 0 || ::listen(fd, kBacklog) != 0 ||
      ::getsockname(fd, generic, &size) != 0) {
    return -1;
  }
  port = ntohs(address.sin_port);
  return fd;
}

void say(const std::string& line) {
  std::printf("%s\n", line.c_str());
  (void)std::fflush(stdout);
}

/// LISTEN_PID must be the child's own, so this is a fork, not a spawn.
void start(int listener, char** argv, const sigset_t& unblocked) {
  const pid_t child = ::fork();
  if (child > 0) return say("started " + std::to_string(child));
  if (child < 0) return say("failed");
  ::setenv("LISTEN_FDS", "1", 1);
  ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
  ::sigprocmask(SIG_SETMASK, &unblocked, nullptr);
  // A descriptor that is already where it belongs would keep its close-on-exec flag.
  const int copy = ::fcntl(listener, F_DUPFD_CLOEXEC, kListenFd + 1);
  ::dup2(copy, kListenFd);
  ::execv(argv[0], argv);
  ::_exit(127);
}

void reap() {
  int status = 0;
  for (pid_t child = 0; (child = ::waitpid(-1, &status, WNOHANG)) > 0;) {
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    say("exited " + std::to_string(child) + " " + std::to_string(code));
  }
}

}  // namespace

int main(int argc, char** argv) {
  int port = 0;
  const int listener = argc > 1 ? listen_on_loopback(port) : -1;
  if (listener < 0) {
    (void)std::fputs("usage: portero-activate PROGRAM ARGUMENT...\n", stderr);
    return 2;
  }
  sigset_t children;
  sigset_t before;
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &children, &before);
  const int signals = ::signalfd(-1, &children, SFD_NONBLOCK | SFD_CLOEXEC);
  say("port " + std::to_string(port));
  std::array<pollfd, 2> waiting{{{STDIN_FILENO, POLLIN, 0}, {signals, POLLIN, 0}}};
  std::array<char, 256> bytes{};
  while (::poll(waiting.data(), waiting.size(), -1) > 0) {
    if (waiting[1].revents != 0) {
      signalfd_siginfo ignored{};
      (void)!::read(signals, &ignored, sizeof ignored);
      reap();
    }
    if (waiting[0].revents == 0) continue;
    const ssize_t got = ::read(STDIN_FILENO, bytes.data(), bytes.size());
    if (got <= 0) return 0;
    for (const char c : std::string(bytes.data(), static_cast<std::size_t>(got))) {
      if (c == '\n') start(listener, argv + 1, before);
    }
  }
  return 1;
}
