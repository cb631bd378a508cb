// Waking another thread through its eventfd.
#pragma once

namespace portero {

/// Makes the eventfd readable. Any thread, and from a signal handler: `errno` stays as it was.
/// REQUIRES: it does not block (EFD_NONBLOCK).
void wake(int eventfd);

}  // namespace portero
