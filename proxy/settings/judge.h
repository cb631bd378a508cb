// Which settings are good, once each has its type. Looks at the file system (does it exist?), never
// at the network.
#pragma once

#include "proxy/settings/raw_settings.h"
#include "proxy/settings/settings.h"

namespace portero {

/// Adds a finding for everything that would go wrong later.
void judge_settings(const Settings& settings, Findings& findings);

/// Fills in what follows from the origins: the cookie's name and whether it is Secure.
void finish_sites(Settings& settings);

}  // namespace portero
