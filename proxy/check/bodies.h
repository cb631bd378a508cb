// Bodies through the public address: whether a POST arrives whole, by its length and in chunks.
#pragma once

#include "proxy/check/input.h"
#include "proxy/check/report.h"

namespace portero {

/// Posts a sign-in that the proxy refuses before it asks GitHub, as the first site's page. What
/// breaks bodies breaks them for every page, so others are not tried. At most one failure.
/// REQUIRES: check_front() found nothing wrong.
void check_bodies(const CheckInput& input, Report& report);

}  // namespace portero
