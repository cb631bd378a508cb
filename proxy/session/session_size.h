// Whether the sessions that the settings lead to fit into a cookie.
#pragma once

#include "proxy/base/problem.h"
#include "proxy/settings/settings.h"

namespace portero {

/// Adds a mistake for each page whose policies name so much that longest_session() does not fit.
/// Without it, sign-ins would fail, and only for people with long names.
void validate_session_sizes(const Settings& settings, Findings& findings);

}  // namespace portero
