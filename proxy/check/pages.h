// Each page, fetched as a browser would. A page that cannot be reached is only a warning: it may be
// on somebody's own machine, or behind a name that only visitors can resolve.
#pragma once

#include "proxy/check/input.h"
#include "proxy/check/report.h"

namespace portero {

/// Checks that GitHub's answer reaches the site's page, that the page loads portero, and that its
/// policies allow signing in and showing the avatar.
void check_page(const CheckInput& input, const Site& site, Report& report);

}  // namespace portero
