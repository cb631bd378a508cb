// Which settings are valid, once each has its type. Checks that files exist; never uses the
// network.
#pragma once

#include <string_view>

#include "proxy/settings/raw_settings.h"
#include "proxy/settings/settings.h"

namespace portero {

/// Adds a finding for each value that would fail later, whatever the other settings are.
void validate_values(const Settings& settings, Findings& findings);

/// Adds a finding for each setting that is missing and for values that contradict each other, but
/// for those that are `told` already. An app's id and secret: validate_app().
void validate_whole(const Settings& settings, const SettingNames& told, Findings& findings);

/// Adds a finding if an app's id or secret is missing.
void validate_app(bool lacks_id, bool lacks_secret, Findings& findings);

/// Adds a finding if the value of `key`, a client id or a scope, is none. Empty ones pass.
void validate_client_id(std::string_view key, std::string_view client_id, Findings& findings);
void validate_scope(std::string_view key, std::string_view scope, Findings& findings);

/// Whether a page may be of another site than the proxy's while `public_url` is not set. One on
/// loopback is not, nor the only one where `static_dir` makes the proxy serve it.
[[nodiscard]] bool lacks_public_url(const Settings& settings);

/// The warning that `public_url` is not set. Every page may be of the proxy's own site, so it is no
/// mistake.
[[nodiscard]] Problem make_public_url_problem();

}  // namespace portero
