// What the process gives up for itself, whatever started it; the rest of the sandbox is the service
// manager's (docs/systemd/portero.service).
#pragma once

namespace portero {

/// From here on no crash leaves a core file and no process of the same user can attach or read our
/// memory: RLIMIT_CORE 0 and PR_SET_DUMPABLE 0; /proc/PID then belongs to root. Under
/// AddressSanitizer or ThreadSanitizer the process stays traceable, which LeakSanitizer needs, and
/// only the core file goes. REQUIRES: called first in main(), before a secret is read. False: the
/// system refused.
[[nodiscard]] bool forbid_core_dumps();

/// From here on memory that is not to be had, and what nobody catches, end the process with one
/// line on standard error and status 1, never an exception's text. Memory above all: the JSON
/// library and libevent leave null pointers behind when they are refused some (script/torture found
/// both), so nothing may run on; every size is bounded by `limits`, so no visitor can bring it
/// about; a new process has its memory back, and no session is lost with the old one. It ends where
/// it happens: no frame of libevent, which is C, is ever unwound.
void install_fatal_handlers();

/// Ends the process as above, at once: where memory was asked for in C and there is none.
[[noreturn]] void end_out_of_memory();

/// False in a build under a sanitizer.
[[nodiscard]] bool forbids_tracing();

}  // namespace portero
