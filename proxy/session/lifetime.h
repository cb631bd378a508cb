// When a session ends: by its age, by disuse, or because an operator ended it. The settings are
// today's, not those it was sealed under: shortening them ends what is too old. Times are in
// seconds since 1970.
#pragma once

#include <cstdint>

#include "proxy/session/session.h"
#include "proxy/settings/settings.h"

namespace portero {

/// When a session sealed at `now` ends: `lifetime` after auth_time, or `idle` from now if that is
/// sooner.
[[nodiscard]] std::int64_t expiry(const SessionSettings& settings, std::int64_t auth_time,
                                  std::int64_t now);

/// When a session that opened ends: as it was sealed, or by expiry() if that is sooner now.
[[nodiscard]] std::int64_t end_of(const Session& session, const SessionSettings& settings);

/// True if its owner signed in before the operator's not_before, everybody's or their own. A
/// session of that very second stays.
[[nodiscard]] bool is_revoked(const Session& session, const SessionSettings& settings);

}  // namespace portero
