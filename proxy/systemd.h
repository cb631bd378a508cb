// What systemd and we tell each other: listening sockets it hands over, so that a restart loses no
// visitor (sd_listen_fds(3)), and when we are ready (sd_notify(3)). We speak these two small
// protocols without libsystemd, to keep its dependencies out of a process that holds a secret.
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
  std::string visitors_at = {};  // where the first listens: "127.0.0.1:8080", "unix:/path"
};

/// The sockets of $LISTEN_FDS, when $LISTEN_PID is us: the one named "internal" in $LISTEN_FDNAMES
/// is the internal listener's, the first other the visitors'. Both become
/// non-blocking and close-on-exec. A descriptor that is not a listening stream socket, or one too
/// many, is a mistake in `findings`.
[[nodiscard]] HandedSockets take_handed_sockets(const Environment& environment, Findings& findings);

class ServiceManager {
 public:
  /// `socket` is $NOTIFY_SOCKET: a path, or a name after "@"; empty: nobody is told anything.
  explicit ServiceManager(std::string socket) : socket_(std::move(socket)) {}

  /// Sends "READY=1" or "STOPPING=1". A failure is ignored.
  void notify(std::string_view state) const;

 private:
  std::string socket_;
};

}  // namespace portero
