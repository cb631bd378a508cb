// The gate: the only owner of sockets. Reads one complete request under a strict grammar, total
// time and size limits; answers what memory alone can answer (preflights, files, its own refusals);
// hands the rest to a lane of workers; writes the answers. Never blocks, never parses JSON, never
// opens a file, knows nothing of GitHub.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "proxy/app/app.h"
#include "proxy/gate/listener.h"
#include "proxy/base/http.h"
#include "proxy/telemetry/metrics.h"
#include "proxy/snapshot.h"
#include "wasm/result.h"

namespace portero {

/// Hands an answer to the gate. Any thread; at most once.
using Deliver = std::function<void(Response)>;

/// Runs on a worker of the request's lane, or on the loop for Lane::kLoop. Must call `deliver`
/// once; may go on working after (the token's revocation), which keeps its worker busy but no
/// visitor waiting. `snapshot` is the one that was current when the request began.
using Serve =
    std::function<void(const Request&, const SnapshotPointer& snapshot, const Deliver& deliver)>;

struct GateHooks {
  Serve serve;
  /// Answers a request of the internal listener, on the loop: must not block. Empty: not found.
  std::function<Response(const Request&)> serve_internal = {};
  /// Called once, on the loop, when stop() takes effect.
  std::function<void()> stopping = {};
  std::shared_ptr<Metrics> metrics = std::make_shared<Metrics>();
};

/// Listening sockets that a supervisor handed over (proxy/systemd.h). One that is not open is
/// bound by the gate, from the settings.
struct HandedSockets {
  Descriptor visitors;
  Descriptor internal;
};

class Gate {
 public:
  /// Binds, exclusively (no SO_REUSEPORT), what was not handed over.
  /// Nullptr on failure, with the reason and its cure in `why` ("127.0.0.1:8080 is taken: …").
  static std::unique_ptr<Gate> open(SnapshotPointer first, GateHooks hooks, HandedSockets handed,
                                    std::string& why);
  virtual ~Gate() = default;

  /// Serves until stop(). Then accepts nobody, answers what is in hand and one more request of each
  /// kept connection with `Connection: close`, for at most 10 s; joins the workers (revocations
  /// included) and returns true. False: the system's event queue failed, and nobody is served any
  /// more.
  virtual bool run() = 0;

  /// Ends run(). Any thread, and from a signal handler.
  virtual void stop() = 0;

  /// True from stop() on.
  [[nodiscard]] virtual bool is_draining() const = 0;

  /// Requests that begin from now on get this snapshot. `listen`, `internal_listen`, `logins` and
  /// `queue` stay as they were at the start. Any thread.
  virtual void publish(SnapshotPointer snapshot) = 0;

  /// The visitors' TCP port in use (the one the system chose for port 0); 0 on a unix socket.
  [[nodiscard]] virtual int port() const = 0;
};

}  // namespace portero
