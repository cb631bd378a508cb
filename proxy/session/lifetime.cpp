#include "proxy/session/lifetime.h"

#include <algorithm>

namespace portero {

std::int64_t expiry(const SessionSettings& settings, std::int64_t auth_time, std::int64_t now) {
  const std::int64_t end = auth_time + settings.lifetime.count();
  return settings.idle.count() > 0 ? std::min(end, now + settings.idle.count()) : end;
}

std::int64_t end_of(const Session& session, const SessionSettings& settings) {
  return std::min(session.exp, expiry(settings, session.auth_time, session.iat));
}

bool is_revoked(const Session& session, const SessionSettings& settings) {
  const Timestamp signed_in{std::chrono::seconds(session.auth_time)};
  if (signed_in < settings.not_before) return true;
  const auto own = settings.subjects_not_before.find(session.user.id);
  return own != settings.subjects_not_before.end() && signed_in < own->second;
}

}  // namespace portero
