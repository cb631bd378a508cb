#include "proxy/hardening.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <exception>
#include <new>

#include "proxy/base/fatal.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PORTERO_UNDER_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define PORTERO_UNDER_SANITIZER 1
#endif
#endif

namespace portero {
namespace {

[[noreturn]] void end_uncaught() { end_with("portero: unexpected exception; exiting\n"); }

}  // namespace

void install_fatal_handlers() {
  std::set_new_handler(end_out_of_memory);
  std::set_terminate(end_uncaught);
}

bool forbids_tracing() {
#ifdef PORTERO_UNDER_SANITIZER
  return false;
#else
  return true;
#endif
}

bool forbid_core_dumps() {
  constexpr rlimit kNone{.rlim_cur = 0, .rlim_max = 0};
  if (::setrlimit(RLIMIT_CORE, &kNone) != 0) return false;
  return !forbids_tracing() || ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}

}  // namespace portero
