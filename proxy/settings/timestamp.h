// Timestamps as an operator writes them. Pure.
#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "proxy/settings/settings.h"

namespace portero {

/// "2026-11-24T03:00:00Z" (RFC 3339 §5.6, in UTC, without fraction) or seconds since 1970: from
/// 1970 to 9999. nullopt: anything else.
[[nodiscard]] std::optional<Timestamp> read_timestamp(std::string_view text);

/// "583231=2026-11-24T03:00:00Z": a user id at GitHub, from 1 to 2^53 - 1, and a timestamp.
[[nodiscard]] std::optional<std::pair<std::int64_t, Timestamp>> read_subject_timestamp(
    std::string_view text);

}  // namespace portero
