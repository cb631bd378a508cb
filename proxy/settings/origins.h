// Which configured page is calling. The one place that decides it: by an `Origin`
// that equals a configured one byte for byte, or, where a browser sends none (same-origin GET and
// HEAD), by a `Host` that is the configured origin's authority.
#pragma once

#include <string>
#include <string_view>

#include "proxy/base/http.h"
#include "proxy/settings/settings.h"

namespace portero {

/// The site whose origin equals `origin` byte for byte; nullptr when there is none.
[[nodiscard]] const Site* find_site_by_origin(const Settings& settings, std::string_view origin);

/// The site that this request speaks for; nullptr: refuse it (origin_refused).
/// With an Origin line: find_site_by_origin. Without one, for GET and HEAD only and only when
/// Sec-Fetch-Site is absent or `same-origin`: the site whose authority is Host (lower case, default
/// port removed).
[[nodiscard]] const Site* find_site(const Settings& settings, const Request& request);

/// True when the page is same-origin or same-site with this proxy, so that a cookie carries its
/// session: Sec-Fetch-Site is `same-origin` or `same-site`, or is absent and the site's authority
/// equals Host.
[[nodiscard]] bool is_same_site(const Site& site, const Request& request);

/// "https://page.example:8443" -> "page.example:8443"; the default port is never there.
[[nodiscard]] std::string_view authority_of(std::string_view origin);

/// True for "scheme://host[:port]" exactly as a browser serialises an origin: lower case, no path,
/// no default port, no user, http or https.
[[nodiscard]] bool is_serialised_origin(std::string_view text);

/// True when the host of an http(s) URL is localhost, 127.0.0.1 or [::1].
[[nodiscard]] bool is_loopback_url(std::string_view url);

}  // namespace portero
