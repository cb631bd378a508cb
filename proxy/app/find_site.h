// Finds the configured page that calls. No other file decides this. It is the page whose origin
// equals `Origin` byte for byte. Browsers send no `Origin` with a same-origin GET or HEAD: then it
// is the page whose authority equals `Host`.
#pragma once

#include "proxy/base/fetch.h"
#include "proxy/base/http.h"
#include "proxy/settings/settings.h"

namespace portero {

/// The site that this request speaks for; nullptr: refuse it (origin_refused).
/// With an Origin line: the one that the gate found equal (Request::origin_index). Without one, for
/// GET and HEAD only and only when Sec-Fetch-Site is absent or `same-origin`: the site whose
/// authority is Host.
[[nodiscard]] const Site* find_site(const Settings& settings, const Request& request);

/// True when the page is same-origin or same-site with this proxy, so that a cookie carries its
/// session: Sec-Fetch-Site is `same-origin` or `same-site`, or is absent and the site's authority
/// equals Host.
[[nodiscard]] bool is_same_site(const Site& site, const Request& request);

}  // namespace portero
