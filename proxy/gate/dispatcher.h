// The two lanes and the way back: a request goes to a worker of its lane, its answer comes as a
// completion in the completions that the loop reads. Whatever a worker does, exactly one answer is posted.
#pragma once

#include <cstdint>
#include <memory>

#include "proxy/gate/gate.h"
#include "proxy/gate/thread_pool.h"
#include "proxy/gate/completion_queue.h"

namespace portero {

/// Where an answer goes: which of a connection's requests it is for.
struct ReturnAddress {
  std::uint64_t connection = 0;
  std::uint64_t generation = 0;
};

class Dispatcher {
 public:
  Dispatcher(const Limits& limits, Serve serve);

  /// Queues the request in its lane. The ticket lets the loop give it up before it starts. nullptr:
  /// the lane is full.
  [[nodiscard]] std::shared_ptr<Ticket> hand_over(Request request, const SnapshotPointer& snapshot,
                                                  ReturnAddress address);

  /// Answers on this thread, at once: for what needs no worker. `deliver` is called once.
  void answer_now(const Request& request, const SnapshotPointer& snapshot,
                  const Deliver& deliver) const;

  /// Tells both lanes' levels.
  void measure(Metrics& metrics) const;

  /// Runs what is queued and joins every thread.
  void finish();

  /// Where answers are left. Outlives the workers' last completion.
  [[nodiscard]] CompletionQueue& completions() const { return *completions_; }

 private:
  const Serve serve_;
  const std::shared_ptr<CompletionQueue> completions_ = std::make_shared<CompletionQueue>();
  ThreadPool quick_;
  ThreadPool login_;
};

}  // namespace portero
