// Sends sign-ins to the login lane and returns their answers, and answers all other requests on the
// loop. A sign-in's answer comes back through the completion queue, which the loop reads. Each that
// begins posts exactly one answer.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "proxy/gate/completion_queue.h"
#include "proxy/gate/gate_config.h"
#include "proxy/gate/login_lane.h"
#include "proxy/gate/router.h"
#include "proxy/telemetry/metrics.h"

namespace portero {

/// Where an answer goes: to which loop, and which of a connection's requests it is for.
struct ReturnAddress {
  std::shared_ptr<CompletionQueue> completions;  // outlives the sign-in's answer
  std::uint64_t connection = 0;
  std::uint64_t generation = 0;
};

/// Any thread, but finish().
class Dispatcher {
 public:
  /// `post`: to where logins run.
  Dispatcher(const Limits& limits, std::span<const Route> routes, Post post);

  /// Hands the request to the login lane; there cpp-httplib routes it, and `config->serve` answers.
  /// The ticket lets the loop give it up before it begins. nullptr: the queue is full.
  /// REQUIRES: request.route is set, and its lane is kLogin.
  [[nodiscard]] std::shared_ptr<Ticket> hand_over(Request request, GateConfigPointer config,
                                                  ReturnAddress address);

  /// Answers on this thread, at once: for Lane::kLoop. `deliver` is called once.
  static void answer_now(const Request& request, const GateConfig& config, const Deliver& deliver);

  /// Sets the gauges of the lane.
  void measure(Metrics& metrics) const;

  /// Returns when what is queued and not given up has begun and ended.
  void finish();

 private:
  const Router router_;
  LoginLane login_;
};

}  // namespace portero
