// This proxy through its public address, asked as a browser asks. What stands in front must pass on
// Host and Origin, and return our answers unchanged.
#pragma once

#include "proxy/check/input.h"
#include "proxy/check/report.h"

namespace portero {

/// Makes the session call through public_url, as the site's page would. False: it got no answer.
bool check_front(const CheckInput& input, const Site& site, Report& report);

/// Checks that /metrics is not visible through public_url.
void check_hidden(const CheckInput& input, Report& report);

}  // namespace portero
