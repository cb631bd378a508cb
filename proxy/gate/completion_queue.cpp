#include "proxy/gate/completion_queue.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace portero {

namespace {

constexpr int kTries = 3;

}  // namespace

CompletionQueue::CompletionQueue() : event_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

void CompletionQueue::post(Completion completion) {
  {
    const std::scoped_lock lock(mutex_);
    completed_.push_back(std::move(completion));
  }
  wake();
}

void CompletionQueue::wake() const {
  const std::uint64_t one = 1;
  // EAGAIN: the counter is full, so the loop is awake already. Anything else must not keep an
  // answer from its visitor.
  const int error = errno;
  for (int tries = 0; tries < kTries && ::write(event_.get(), &one, sizeof one) < 0; ++tries) {
    if (errno == EAGAIN) break;
  }
  errno = error;  // a signal handler may be the caller
}

std::vector<Completion> CompletionQueue::collect() {
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t got = ::read(event_.get(), &count, sizeof count);
  const std::scoped_lock lock(mutex_);
  return std::exchange(completed_, {});
}

}  // namespace portero
