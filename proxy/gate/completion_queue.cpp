#include "proxy/gate/completion_queue.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <utility>

namespace portero {

CompletionQueue::CompletionQueue() : event_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

void CompletionQueue::post(Completion completion) {
  {
    const std::scoped_lock lock(mutex_);
    completed_.push_back(std::move(completion));
  }
  wake();
}

std::vector<Completion> CompletionQueue::collect() {
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t got = ::read(event_.get(), &count, sizeof count);
  const std::scoped_lock lock(mutex_);
  return std::exchange(completed_, {});
}

}  // namespace portero
