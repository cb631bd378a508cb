// libevent's memory. Some of its calls do not report that an allocation failed. After such a
// failure a visitor may wait for ever, or a null pointer may be used.
#pragma once

namespace portero {

/// From here on, an allocation that fails in libevent ends the process (end_out_of_memory() in
/// proxy/base/fatal.h). May be called again. REQUIRES: called before anything else of libevent.
void guard_event_allocator();

}  // namespace portero
