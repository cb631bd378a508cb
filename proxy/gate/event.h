// libevent's handles as unique_ptr.
#pragma once

#include <memory>

struct event;
struct event_base;

namespace portero {

struct EventFree {
  void operator()(event* e) const;
};
using EventPointer = std::unique_ptr<event, EventFree>;

struct EventBaseFree {
  void operator()(event_base* base) const;
};
using EventBasePointer = std::unique_ptr<event_base, EventBaseFree>;

}  // namespace portero
