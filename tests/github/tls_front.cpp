// See tls_front.h.
#include "tests/github/tls_front.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <list>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/github/connection_faults.h"
#include "tests/github/peer.h"
#include "tests/github/tunnel.h"

namespace portero::stand_in {

struct TlsFront::Inside {
  struct Connection {
    std::thread thread;
    std::atomic<bool> done = false;
  };

  int backend = 0;
  TlsFrontHooks hooks;
  std::map<std::string, TlsContext, std::less<>> contexts;  // by fault; "" is the good one
  int port = 0;
  int holder = -1;  // bound and never listening: the port stays ours while nobody listens
  std::atomic<bool> stopping = false;
  std::thread acceptor;
  std::mutex mutex;  // of what follows
  int listener = -1;
  Door door = Door::kOpen;
  std::vector<int> fillers;
  std::list<Connection> connections;

  bool open();
  bool fill();
  void shut();
  void serve(int socket) const;
  void accept_one();
  void accept_all();
};

bool TlsFront::Inside::open() {
  int same = port;
  listener = bind_loopback(same);
  if (listener < 0) return false;
  fcntl(listener, F_SETFL, O_NONBLOCK);
  return listen(listener, SOMAXCONN) == 0;
}

/// Connects to ourselves until the queue holds no more.
bool TlsFront::Inside::fill() {
  constexpr int kQueueMax = 8;
  constexpr int kSilenceMs = 200;
  if (listen(listener, 0) != 0) return false;
  for (int i = 0; i < kQueueMax; ++i) {
    fillers.push_back(begin_connect_loopback(port));
    pollfd waiting{.fd = fillers.back(), .events = POLLOUT, .revents = 0};
    if (poll(&waiting, 1, kSilenceMs) == 0) return true;
  }
  return false;
}

void TlsFront::Inside::serve(int socket) const {
  const Peer peer(socket, stopping);
  const std::string fault = hooks.next_fault();
  const auto found = contexts.find(fault);
  if (found == contexts.end()) {
    break_handshake(peer, fault, contexts.at(""));
    return;
  }
  pass_on(peer, found->second, backend,
          [this, &fault](std::size_t bytes) { hooks.heard(fault, bytes); });
}

void TlsFront::Inside::accept_one() {
  const std::lock_guard<std::mutex> lock(mutex);
  connections.remove_if([](Connection& one) {
    if (one.done) one.thread.join();
    return one.done.load();
  });
  if (door != Door::kOpen) return;
  const int socket = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
  if (socket < 0) return;
  Connection& one = connections.emplace_back();
  one.thread = std::thread([this, socket, &one] {
    serve(socket);
    one.done = true;
  });
}

void TlsFront::Inside::accept_all() {
  while (!stopping) {
    pollfd waiting{.fd = -1, .events = POLLIN, .revents = 0};  // -1: no more than a pause
    {
      const std::lock_guard<std::mutex> lock(mutex);
      if (door == Door::kOpen) waiting.fd = listener;
    }
    poll(&waiting, 1, kSliceMs);
    accept_one();
  }
}

void TlsFront::Inside::shut() {
  for (const int filler : fillers) close(filler);
  fillers.clear();
  if (listener >= 0) {
    // The acceptor may be waiting on it, and would keep it listening to the end of its slice.
    shutdown(listener, SHUT_RD);
    close(listener);
  }
  listener = -1;
}

TlsFront::TlsFront() : inside_(std::make_unique<Inside>()) {}
TlsFront::~TlsFront() { stop(); }
int TlsFront::port() const { return inside_->port; }

std::size_t TlsFront::open_connections() const {
  const std::lock_guard<std::mutex> lock(inside_->mutex);
  const auto& all = inside_->connections;
  return static_cast<std::size_t>(std::count_if(
      all.begin(), all.end(), [](const Inside::Connection& one) { return !one.done; }));
}

std::unique_ptr<TlsFront> TlsFront::start(const Certificate& authority, int backend,
                                          TlsFrontHooks hooks) {
  auto front = std::make_unique<TlsFront>();
  Inside& inside = *front->inside_;
  inside.backend = backend;
  inside.hooks = std::move(hooks);
  inside.contexts.emplace("", make_context(*manner_of(""), authority));
  for (const std::string_view fault : connection_faults()) {
    const auto manner = manner_of(fault);
    if (manner) inside.contexts.emplace(fault, make_context(*manner, authority));
  }
  inside.holder = bind_loopback(inside.port);
  if (inside.holder < 0 || !inside.open()) return nullptr;
  inside.acceptor = std::thread([&inside] { inside.accept_all(); });
  return front;
}

bool TlsFront::set_door(Door door) {
  const std::lock_guard<std::mutex> lock(inside_->mutex);
  if (door == inside_->door) return true;
  inside_->shut();
  inside_->door = door;
  if (door == Door::kRefusing) return true;
  return inside_->open() && (door == Door::kOpen || inside_->fill());
}

void TlsFront::stop() {
  inside_->stopping = true;
  if (inside_->acceptor.joinable()) inside_->acceptor.join();
  for (Inside::Connection& one : inside_->connections) one.thread.join();
  inside_->connections.clear();
  inside_->shut();
  if (inside_->holder >= 0) close(inside_->holder);
  inside_->holder = -1;
}

}  // namespace portero::stand_in
