// The gate: the only owner of sockets. Reads one complete request under a strict grammar, total
// time and size limits; answers what memory alone can answer (preflights, files, its own refusals);
// hands the rest to a lane of workers; writes the answers. Never blocks, never parses JSON, never
// opens a file, knows nothing of GitHub.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "proxy/app.h"
#include "proxy/gate/files.h"
#include "proxy/http.h"
#include "proxy/settings/settings.h"
#include "wasm/result.h"

namespace portero {

/// Hands an answer to the gate. Any thread; at most once.
using Deliver = std::function<void(Response)>;

/// Runs on a worker of the request's lane. Must call `deliver` once; may go on working after (the
/// token's revocation), which keeps its worker busy but no visitor waiting.
using Serve = std::function<void(const Request&, const Deliver& deliver)>;

class Gate {
 public:
  /// Binds, exclusively (no SO_REUSEPORT). Everything referenced outlives the gate.
  /// Nullptr on failure, with the reason and its cure in `why` ("127.0.0.1:8080 is taken: …").
  static std::unique_ptr<Gate> open(const Settings& settings, const FileMap& files, Serve serve,
                                    std::string& why);
  virtual ~Gate() = default;

  /// Serves until stop(); then stops accepting, lets requests in hand end (their lanes' workers are
  /// joined, revocations included) and returns.
  virtual void run() = 0;

  /// Ends run(). Any thread, and from a signal handler.
  virtual void stop() = 0;

  /// The TCP port in use (the one the system chose for port 0); 0 on a unix socket.
  [[nodiscard]] virtual int port() const = 0;
};

}  // namespace portero
