// Where the page of `static_dir` is opened, as against where the proxy listens. Pure.
#pragma once

#include <string>

#include "proxy/settings/settings.h"

namespace portero {

/// What to open to see the page and, if that is not what listens, what does:
/// "http://127.0.0.1:8080/", "https://login.example/ (listening on unix:/run/portero.sock)".
/// `listening` is "ADDRESS:PORT" or "unix:/path". REQUIRES: there is a site.
[[nodiscard]] std::string describe_page(const Settings& settings, const std::string& listening);

/// Whether the page can be opened only where it is served, and nobody can sign in from there since
/// it is none of the origins.
[[nodiscard]] bool is_page_refused(const Settings& settings, const std::string& listening);

}  // namespace portero
