// Sends sign-ins to the pool of workers and returns their answers, and answers all other requests
// on the loop. A worker's answer comes back through the completion queue, which the loop reads.
// Each job that starts posts exactly one answer.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "proxy/gate/completion_queue.h"
#include "proxy/gate/gate_config.h"
#include "proxy/gate/router.h"
#include "proxy/gate/thread_pool.h"
#include "proxy/telemetry/metrics.h"

namespace portero {

/// Where an answer goes: to which loop, and which of a connection's requests it is for.
struct ReturnAddress {
  std::shared_ptr<CompletionQueue> completions;  // outlives the worker's answer
  std::uint64_t connection = 0;
  std::uint64_t generation = 0;
};

/// Any thread, but finish().
class Dispatcher {
 public:
  Dispatcher(const Limits& limits, std::span<const Route> routes);

  /// Queues the request for a worker; cpp-httplib routes it there, and `config->serve` answers. The
  /// ticket lets the loop give it up before it starts. nullptr: the queue is full.
  /// REQUIRES: request.route is set, and its lane is kLogin.
  [[nodiscard]] std::shared_ptr<Ticket> hand_over(Request request, GateConfigPointer config,
                                                  ReturnAddress address);

  /// Answers on this thread, at once: for Lane::kLoop. `deliver` is called once.
  static void answer_now(const Request& request, const GateConfig& config, const Deliver& deliver);

  /// Sets the gauges of the pool.
  void measure(Metrics& metrics) const;

  /// Runs what is queued and not given up, and joins every thread.
  void finish();

 private:
  const Router router_;
  ThreadPool login_;
};

}  // namespace portero
