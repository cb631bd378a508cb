// Where sign-ins leave answers for the loop: a locked list and an eventfd that wakes it.
#pragma once

#include <cstdint>
#include <mutex>
#include <vector>

#include "proxy/base/descriptor.h"
#include "proxy/base/http.h"
#include "proxy/base/wake.h"

namespace portero {

struct Completion {
  std::uint64_t connection;  // never used twice
  std::uint64_t generation;  // which of its requests
  Response response;
};

class CompletionQueue {
 public:
  CompletionQueue();

  /// Any thread.
  void post(Completion completion);

  /// Wakes the loop without a completion. Any thread, and from a signal handler.
  void wake() const { portero::wake(event_.get()); }

  /// All completions; resets the eventfd. The loop's thread.
  [[nodiscard]] std::vector<Completion> collect();

  /// Readable when there is something to collect; -1: the system gave no eventfd.
  [[nodiscard]] int fd() const { return event_.get(); }

 private:
  Descriptor event_;
  std::mutex mutex_;
  std::vector<Completion> completed_;
};

}  // namespace portero
