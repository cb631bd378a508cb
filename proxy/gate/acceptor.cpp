#include "proxy/gate/acceptor.h"

#include <event2/event.h>

#include <cerrno>
#include <utility>

#include "proxy/telemetry/log.h"

namespace portero {
namespace {

constexpr int kAtOnce = 64;  // then others' sockets have their turn
constexpr timeval kPause{0, 100'000};

bool is_exhaustion(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

Acceptor::Acceptor(event_base* base, Descriptor listener, Hooks hooks)
    : hooks_(std::move(hooks)),
      listener_(std::move(listener)),
      port_(port_of(listener_.get())),
      accept_event_(event_new(base, listener_.get(), EV_READ | EV_PERSIST, on_accept, this)),
      resume_timer_(evtimer_new(base, on_resume, this)) {
  event_add(accept_event_.get(), nullptr);
}

void Acceptor::on_accept(int /*fd*/, short /*what*/, void* self) {
  auto* acceptor = static_cast<Acceptor*>(self);
  for (int i = 0; i < kAtOnce && acceptor->accept_one(); ++i) continue;
}

void Acceptor::on_resume(int /*fd*/, short /*what*/, void* self) {
  event_add(static_cast<Acceptor*>(self)->accept_event_.get(), nullptr);
}

void Acceptor::accept_waiting() {
  while (listener_.is_open() && accept_one()) continue;
}

bool Acceptor::accept_one() {
  if (!hooks_.has_room()) {
    pause();
    return false;
  }
  std::string peer;
  Descriptor socket(accept_connection(listener_.get(), peer));
  if (socket.is_open()) {
    hooks_.accepted(std::move(socket), std::move(peer));
    return true;
  }
  if (is_exhaustion(errno)) {
    log_event(Level::kWarning, "accept_paused", {{"errno", std::to_string(errno)}});
    pause();
    return false;
  }
  return errno == EINTR || errno == ECONNABORTED;
}

/// The listener stays readable while nobody can be let in: not looking is what does not spin.
void Acceptor::pause() {
  event_del(accept_event_.get());
  event_add(resume_timer_.get(), &kPause);
}

void Acceptor::close() {
  accept_event_.reset();
  resume_timer_.reset();
  listener_.reset();
}

}  // namespace portero
