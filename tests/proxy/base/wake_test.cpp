#include "proxy/base/wake.h"

#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <limits>

#include "proxy/base/descriptor.h"

namespace portero {
namespace {

constexpr int kSomeError = E2BIG;

/// What the eventfd counted, which starts anew; 0: nothing.
std::uint64_t take_count(const Descriptor& event) {
  std::uint64_t count = 0;
  return ::read(event.get(), &count, sizeof count) < 0 ? 0 : count;
}

TEST(Wake, MakesTheEventfdReadable) {
  const Descriptor event(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  ASSERT_EQ(take_count(event), 0U);
  wake(event.get());
  EXPECT_EQ(take_count(event), 1U);
}

TEST(Wake, LeavesErrnoToTheCodeThatASignalInterrupted) {
  const Descriptor event(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  errno = kSomeError;
  wake(event.get());
  EXPECT_EQ(errno, kSomeError);
  wake(-1);
  EXPECT_EQ(errno, kSomeError);
}

TEST(Wake, ReturnsWhenTheCounterIsFull) {
  const Descriptor event(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  constexpr std::uint64_t kFull = std::numeric_limits<std::uint64_t>::max() - 1;
  ASSERT_EQ(::write(event.get(), &kFull, sizeof kFull), ssize_t{sizeof kFull});
  errno = kSomeError;
  wake(event.get());
  EXPECT_EQ(errno, kSomeError);
  EXPECT_EQ(take_count(event), kFull);
}

}  // namespace
}  // namespace portero
