// Which connections wait for a request, in the order in which they began to. When there is no room,
// the one that has waited longest makes some. No lock: for one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <optional>

namespace portero {

class IdleList {
  struct Entry {
    std::uint64_t id = 0;
    std::chrono::steady_clock::time_point since;
    bool is_idle = false;
  };

 public:
  using Time = std::chrono::steady_clock::time_point;
  /// A connection's, until it is removed.
  using Place = std::list<Entry>::iterator;

  /// Adds a connection, as idle.
  [[nodiscard]] Place add(std::uint64_t id, Time now);

  void remove(Place place);

  /// Notes that a connection began to wait for a request, or ceased to. It neither allocates nor
  /// looks anything up: each request does it twice.
  void set_idle(Place place, bool is_idle, Time now);

  /// Since when the one that has been idle longest has been so; Time::max(): none is idle.
  [[nodiscard]] Time oldest() const { return idle_.empty() ? Time::max() : idle_.front().since; }

  /// That connection, if it may be closed now.
  [[nodiscard]] std::optional<std::uint64_t> longest(Time now) const;

  /// Each has a second to begin, however many come after it.
  [[nodiscard]] static bool may_be_closed(Time since, Time now) {
    return since <= now && now - since >= std::chrono::seconds(1);
  }

 private:
  std::list<Entry> idle_;  // in the order in which they became it
  std::list<Entry> busy_;
};

}  // namespace portero
