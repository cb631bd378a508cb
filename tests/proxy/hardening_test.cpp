#include "proxy/hardening.h"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <new>
#include <stdexcept>

namespace portero {
namespace {

template <typename Failure>
void fail_with(const Failure& failure) {
  throw failure;
}

/// Throws where nobody can catch.
template <typename Failure>
void let_escape(const Failure& failure) noexcept {
  fail_with(failure);
}

/// What `inside` says in a process of its own: what is given up is gone for good.
int in_a_child(int (*inside)()) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(inside());
  int status = -1;
  return ::waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(Hardening, LeavesNoCoreFileAndNoWayBack) {
  EXPECT_EQ(in_a_child([] {
              if (!forbid_core_dumps()) return 1;
              rlimit core = {};
              if (::getrlimit(RLIMIT_CORE, &core) != 0) return 2;
              return core.rlim_cur == 0 && core.rlim_max == 0 ? 0 : 3;
            }),
            0);
}

TEST(Hardening, CannotBeTracedUnlessASanitizerMust) {
  EXPECT_EQ(in_a_child([] {
              if (!forbid_core_dumps()) return 1;
              return ::prctl(PR_GET_DUMPABLE) == (forbids_tracing() ? 0 : 1) ? 0 : 2;
            }),
            0);
}

TEST(Hardening, WhatNobodyCatchesEndsInOneLineWithoutItsText) {
  EXPECT_EXIT(
      {
        install_fatal_handlers();
        let_escape(std::runtime_error("canary"));
      },
      testing::ExitedWithCode(1), "^portero: unexpected exception; exiting\n$");
}

TEST(Hardening, MemoryThatIsNotToBeHadEndsInOneLine) {
  EXPECT_EXIT(
      {
        install_fatal_handlers();
        std::get_new_handler()();
      },
      testing::ExitedWithCode(1), "^portero: out of memory; [^\n]*\n$");
}

}  // namespace
}  // namespace portero
