// Binds where the proxy listens. One program an address: a second one is told, not shared with
// (no SO_REUSEPORT).
#pragma once

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
/// failure. The Problem's text begins with `listen`. A dead program's unix socket is replaced, a
/// living one's is not; `mode` (octal) is the new one's permissions from its first moment.
/// REQUIRES for unix sockets: no other thread makes files now (the umask is the process's).
[[nodiscard]] Result<Descriptor, Problem> open_listener(const std::string& listen,
                                                        const std::string& mode);

/// The TCP port a socket is bound to; 0 for a unix socket.
[[nodiscard]] int port_of(int fd);

/// The next waiting connection, non-blocking, closed on exec, without delay; -1 with errno when
/// there is none. `peer` is its address as text, "unix" on a unix socket.
[[nodiscard]] int accept_connection(int listener, std::string& peer);

/// Raises the soft limit of open files to what `limits` may need, as far as the hard one goes; logs
/// a warning with the fix when that is not far enough.
void raise_file_limit(const Limits& limits);

}  // namespace portero
