// The gate: the only owner of visitors' sockets. Reads one complete request under a strict grammar,
// with limits of size and total time. Finds its route once. Answers preflights, files and its own
// refusals from memory, and hands sign-ins to another thread. Writes the answers. Never blocks,
// never parses JSON, never opens a file. Knows nothing of GitHub, sessions or sites.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "proxy/base/descriptor.h"
#include "proxy/base/problem.h"
#include "proxy/base/route.h"
#include "proxy/gate/gate_config.h"
#include "proxy/gate/login_lane.h"
#include "proxy/telemetry/metrics.h"
#include "wasm/result.h"

namespace portero {

struct GateHooks {
  /// Every route there is. Outlives the gate.
  std::span<const Route> routes;
  /// Called once a request, on the loop. Empty: match_route() over `routes`.
  MatchRoute match = {};
  /// To where sign-ins run: another thread, on which none waits for another.
  Post post = {};
  /// Called once, on the loop, when stop() takes effect.
  std::function<void()> stopping = {};
  std::shared_ptr<Metrics> metrics = std::make_shared<Metrics>();
};

/// Where the gate listens. A socket that was handed over (by systemd, proxy/systemd.h) is used
/// as it is; one that is not open is bound by the gate.
struct Listening {
  std::string visitors = {};  // "ADDRESS:PORT" or "unix:/path"
  std::string internal = {};  // likewise; empty: no internal listener
  std::string mode = "0660";  // of unix sockets, octal
  Descriptor handed_visitors = {};
  Descriptor handed_internal = {};
};

class Gate {
 public:
  /// Binds, exclusively (no SO_REUSEPORT), what was not handed over.
  /// The Problem says what prevented it ("127.0.0.1:8080: is taken …").
  static Result<std::unique_ptr<Gate>, Problem> open(const GateConfigPointer& first,
                                                     GateHooks hooks, Listening listening);
  virtual ~Gate() = default;

  /// Serves until stop(). Then it accepts no more. It answers current requests with
  /// `Connection: close`. An idle connection may send one more. After 10 s it ends the rest. It
  /// waits for the sign-ins (revocations included), joins the loops and returns true. False: the
  /// system's event queue failed, and nothing is served any more. The thread that calls it is the
  /// first loop.
  virtual bool run() = 0;

  /// Ends run(). Any thread, and from a signal handler.
  virtual void stop() = 0;

  /// True from stop() on. Any thread.
  [[nodiscard]] virtual bool is_draining() const = 0;

  /// Requests that begin from now on get this. `limits.logins`, `limits.queue` and `limits.loops`
  /// stay as they were at the start. Any thread.
  virtual void publish(GateConfigPointer config) = 0;

  /// The visitors' TCP port in use (the one the system chose for port 0); 0 on a unix socket.
  [[nodiscard]] virtual int port() const = 0;
};

}  // namespace portero
