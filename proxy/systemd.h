// What a supervisor (systemd) and we tell each other: listening sockets it hands over, so that a
// restart loses no visitor (sd_listen_fds(3)), and when we are ready (sd_notify(3)). The two small
// protocols are spoken here rather than through libsystemd, whose dependencies have no business in
// a process that holds a secret.
#pragma once

#include <string>
#include <string_view>

#include "proxy/base/descriptor.h"
#include "proxy/base/problem.h"
#include "proxy/settings/environment.h"

namespace portero {

/// Listening sockets that systemd handed over; one that is not open is ours to bind.
struct HandedSockets {
  Descriptor visitors;
  Descriptor internal;
};

/// The sockets of $LISTEN_FDS, when $LISTEN_PID is us: the one named "internal" in $LISTEN_FDNAMES
/// is the internal listener's, the first other the visitors'. Closed on exec and non-blocking from
/// here on. A descriptor that is no listening stream socket, or one too many, is a mistake.
[[nodiscard]] HandedSockets take_handed_sockets(const Environment& environment, Findings& findings);

class ServiceManager {
 public:
  /// `socket` is $NOTIFY_SOCKET: a path, or a name after "@"; empty: nobody is told anything.
  explicit ServiceManager(std::string socket) : socket_(std::move(socket)) {}

  /// "READY=1", "STOPPING=1" ... Failing to tell is no reason to stop.
  void notify(std::string_view state) const;

 private:
  std::string socket_;
};

}  // namespace portero
