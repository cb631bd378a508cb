// What the process gives up for itself, whatever started it; the rest of the sandbox is the service
// manager's (docs/systemd/portero.service).
#pragma once

namespace portero {

/// From here on no crash leaves a core file and no process of the same user can attach or read our
/// memory (THREATS T21): RLIMIT_CORE 0 and PR_SET_DUMPABLE 0; /proc/PID then belongs to root. Under
/// AddressSanitizer or ThreadSanitizer the process stays traceable, which LeakSanitizer needs, and
/// only the core file goes. REQUIRES: called first in main(), before a secret is read. False: the
/// system refused.
[[nodiscard]] bool forbid_core_dumps();

/// From here on what nobody catches, memory that is not to be had above all, ends the process with
/// one line on standard error and status 1, and no exception's text. A worker's own failure is
/// caught before (gate/workers.h) and answered `internal`; the loop's ends the process from where
/// it happened, so that no frame of libevent, which is C, is ever unwound: a new process has its
/// memory back, and no session is lost with the old one.
void end_in_one_line();

/// False in a build under a sanitizer.
[[nodiscard]] bool forbids_tracing();

}  // namespace portero
