// libevent's memory. Some of its calls do not say that there was none to have, and an event that
// was never made is a visitor who waits for ever, or a null pointer.
#pragma once

namespace portero {

/// From here on, memory that libevent is refused ends the process (end_out_of_memory() in
/// proxy/base/fatal.h). REQUIRES: called before libevent is asked for anything. Any number of
/// times.
void guard_event_allocator();

}  // namespace portero
