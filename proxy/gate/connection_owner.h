// The interface between a connection and the gate.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "proxy/base/time.h"
#include "proxy/gate/event.h"
#include "proxy/gate/gate_config.h"
#include "proxy/gate/request_reader.h"
#include "proxy/telemetry/metrics.h"

namespace portero {

class Connection;

/// What a connection needs from the gate. Outlives every connection. For the loop's thread.
struct ConnectionOwner {
  event_base* base = nullptr;
  GateConfigPointer config;  // the current one; a request that begins gets it
  MatchRoute match;          // called once a request
  std::function<void(Connection&, ReadRequest&)> serve;  // leads to answer(), at once or later
  std::function<void(Connection&)> ended;                // destroys it, but not during the call
  /// It became idle, or stopped.
  std::function<void(std::uint64_t id, bool is_idle, std::chrono::steady_clock::time_point now)>
      idle_changed;
  Metrics& metrics;
  HttpDate date = {};  // of the answers written now
};

/// Who is at the other end, and at which acceptor it came in.
struct Peer {
  std::uint64_t id = 0;  // of the connection; never used twice
  std::string address;   // as accept_connection() tells it
  bool is_internal = false;
};

}  // namespace portero
