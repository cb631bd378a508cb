#include "proxy/gate/event.h"

#include <event2/event.h>

namespace portero {

void EventFree::operator()(event* e) const { event_free(e); }

void EventBaseFree::operator()(event_base* base) const { event_base_free(base); }

}  // namespace portero
