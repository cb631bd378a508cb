#include "proxy/gate/idle_list.h"

#include <iterator>

namespace portero {

IdleList::Place IdleList::add(std::uint64_t id, Time now) {
  idle_.push_back({.id = id, .since = now, .is_idle = true});
  return std::prev(idle_.end());
}

void IdleList::remove(Place place) { (place->is_idle ? idle_ : busy_).erase(place); }

void IdleList::set_idle(Place place, bool is_idle, Time now) {
  std::list<Entry>& from = place->is_idle ? idle_ : busy_;
  std::list<Entry>& to = is_idle ? idle_ : busy_;
  to.splice(to.end(), from, place);
  place->since = now;
  place->is_idle = is_idle;
}

std::optional<std::uint64_t> IdleList::longest(Time now) const {
  if (!may_be_closed(oldest(), now)) return std::nullopt;
  return idle_.front().id;
}

}  // namespace portero
