// Which settings are valid, once each has its type. Checks that files exist; never uses the
// network.
#pragma once

#include "proxy/settings/raw_settings.h"
#include "proxy/settings/settings.h"

namespace portero {

/// Adds a finding for everything that would fail later.
void validate_settings(const Settings& settings, Findings& findings);

/// Adds a finding if an app's id or secret is missing. validate_settings() does it for each site.
void validate_app(const std::string& client_id, bool lacks_secret, Findings& findings);

/// The warning that `public_url` is not set. Every page may be of the proxy's own site, so it is no
/// mistake.
[[nodiscard]] Problem make_public_url_problem();

}  // namespace portero
