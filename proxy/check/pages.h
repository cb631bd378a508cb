// Each page, fetched as a browser would. That it cannot be reached from here is only a warning: it
// may be on somebody's own machine, or behind a name that only visitors know.
#pragma once

#include "proxy/check/input.h"
#include "proxy/check/report.h"

namespace portero {

/// The site's page: whether it is there, and whether its policy lets it sign anybody in and show
/// their avatar.
void check_page(const CheckInput& input, const Site& site, Report& report);

}  // namespace portero
