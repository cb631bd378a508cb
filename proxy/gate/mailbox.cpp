#include "proxy/gate/mailbox.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <utility>

namespace portero {

Mailbox::Mailbox() : event_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

void Mailbox::post(Letter letter) {
  {
    const std::scoped_lock lock(mutex_);
    letters_.push_back(std::move(letter));
  }
  wake();
}

void Mailbox::wake() const {
  const std::uint64_t one = 1;
  // It fails only when the counter is full, and then the loop is awake already.
  [[maybe_unused]] const ssize_t written = ::write(event_.get(), &one, sizeof one);
}

std::vector<Letter> Mailbox::collect() {
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t got = ::read(event_.get(), &count, sizeof count);
  const std::scoped_lock lock(mutex_);
  return std::exchange(letters_, {});
}

}  // namespace portero
