#include "proxy/base/token_buckets.h"

#include <algorithm>
#include <vector>

namespace portero {

using std::chrono::milliseconds;

int TokenBuckets::take(std::string_view name, const Rate& rate, milliseconds now) {
  const milliseconds whole = rate.interval * static_cast<std::int64_t>(rate.burst);
  auto at = full_at_.find(name);
  if (at == full_at_.end()) {
    if (full_at_.size() >= most_) make_room(now);
    at = full_at_.emplace(name, now).first;
  }
  const milliseconds full_at = std::clamp(at->second, now, now + whole);
  const milliseconds after = full_at + rate.interval;
  if (after <= now + whole) {
    at->second = after;
    return 0;
  }
  at->second = full_at;
  return static_cast<int>(std::chrono::ceil<std::chrono::seconds>(after - now - whole).count());
}

void TokenBuckets::make_room(milliseconds now) {
  std::erase_if(full_at_, [now](const auto& entry) { return entry.second <= now; });
  const std::size_t goal = most_ - most_ / 4;
  if (full_at_.size() <= goal) return;
  using Entry = decltype(full_at_)::iterator;
  std::vector<Entry> entries;
  for (auto at = full_at_.begin(); at != full_at_.end(); ++at) entries.push_back(at);
  const auto excess = static_cast<std::ptrdiff_t>(entries.size() - goal);
  std::nth_element(entries.begin(), entries.begin() + excess, entries.end(),
                   [](Entry a, Entry b) { return a->second < b->second; });
  for (auto each = entries.begin(); each != entries.begin() + excess; ++each) full_at_.erase(*each);
}

}  // namespace portero
