#include "proxy/session/signed_out.h"

namespace portero {

void SignedOut::add(std::string_view sid, std::int64_t exp, std::int64_t now) {
  if (exp <= now) return;
  const std::lock_guard lock(mutex_);
  if (exp_by_sid_.contains(sid)) return;
  while (!sid_by_exp_.empty() &&
         (sid_by_exp_.begin()->first <= now || sid_by_exp_.size() >= capacity_)) {
    exp_by_sid_.erase(sid_by_exp_.begin()->second);
    sid_by_exp_.erase(sid_by_exp_.begin());
  }
  exp_by_sid_.emplace(sid, exp);
  sid_by_exp_.emplace(exp, sid);
}

bool SignedOut::contains(std::string_view sid, std::int64_t now) const {
  const std::lock_guard lock(mutex_);
  const auto entry = exp_by_sid_.find(sid);
  return entry != exp_by_sid_.end() && entry->second > now;
}

}  // namespace portero
