#include "proxy/base/wake.h"

#include <unistd.h>

#include <cerrno>
#include <cstdint>

namespace portero {
namespace {

constexpr int kTries = 3;

}  // namespace

/// Whatever fails it once must not keep a visitor from an answer. EAGAIN does not count: the
/// counter is full, so it is readable already.
void wake(int eventfd) {
  const int error = errno;
  const std::uint64_t one = 1;
  for (int tries = 0; tries < kTries && ::write(eventfd, &one, sizeof one) < 0; ++tries) {
    if (errno == EAGAIN) break;
  }
  errno = error;
}

}  // namespace portero
