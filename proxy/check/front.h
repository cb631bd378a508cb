// This proxy through its public address, as a browser asks: whatever stands in front must pass Host
// and Origin on, and give our answers back as they are.
#pragma once

#include "proxy/check/input.h"
#include "proxy/check/report.h"

namespace portero {

/// The session call through public_url, as the site's page makes it.
void check_front(const CheckInput& input, const Site& site, Report& report);

/// What nobody may see through public_url.
void check_hidden(const CheckInput& input, Report& report);

}  // namespace portero
