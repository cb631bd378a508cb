// Which settings are good, once each has its type. Looks at the file system (does it exist?), never
// at the network.
#pragma once

#include "proxy/settings/raw_settings.h"
#include "proxy/settings/settings.h"

namespace portero {

/// Adds a finding for everything that would go wrong later.
void validate_settings(const Settings& settings, Findings& findings);

/// Says that the app's id or secret is missing. validate_settings does so for the sites there are.
void validate_app(const std::string& client_id, bool lacks_secret, Findings& findings);

/// That `public_url` is not set: a warning, since every page may be of the proxy's own site.
[[nodiscard]] Problem make_public_url_problem();

}  // namespace portero
