// Opens the listening sockets. No other program can share them: it gets an error (no SO_REUSEPORT).
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "proxy/base/descriptor.h"
#include "proxy/base/problem.h"
#include "proxy/settings/settings.h"
#include "wasm/result.h"

namespace portero {

/// What an address that is a path begins with.
inline constexpr std::string_view kUnixPrefix = "unix:";

/// A listening, non-blocking socket on "ADDRESS:PORT", "[ADDRESS]:PORT" or "unix:/path"; closed on
/// failure. The Problem's text begins with `listen`. Replaces a dead program's unix socket, never a
/// living one's. A new one has the permissions `mode` (octal) from its first moment. REQUIRES for
/// unix sockets: no other thread makes files now (the umask is the process's).
[[nodiscard]] Result<Descriptor, Problem> open_listener(const std::string& listen,
                                                        const std::string& mode);

/// A blocking connection to who listens there; not open: nobody does. An address that means every
/// one is asked on loopback, as Linux does. Connecting, sending and receiving give up after
/// `patience`.
[[nodiscard]] Descriptor connect_to(const std::string& listen, std::chrono::seconds patience);

/// The TCP port a socket is bound to; 0 for a unix socket.
[[nodiscard]] int port_of(int fd);

/// The next waiting connection, non-blocking, close-on-exec, TCP_NODELAY; -1 with errno if
/// nobody waits or it failed. `peer` is its address as text, "unix" on a unix socket.
[[nodiscard]] int accept_connection(int listener, std::string& peer);

/// Raises the soft limit of open files to what `limits` may need, up to the hard one. Logs a
/// warning with the fix if that is too low.
void raise_file_limit(const Limits& limits);

}  // namespace portero
