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

/// From here on, an allocation failure and an uncaught exception print one line on standard error
/// and exit with status 1, never with an exception's text. Nothing may run on without
/// memory: the JSON library and libevent then leave null pointers behind (script/torture found
/// both). `limits` bounds every size, so no visitor can cause it. A new process starts with free
/// memory, and no session is lost. The process exits at the failing call: no frame of libevent,
/// which is C, is ever unwound.
void install_fatal_handlers();

/// Whether forbid_core_dumps() also forbids tracing: false in a build under a sanitizer.
[[nodiscard]] bool forbids_tracing();

}  // namespace portero
