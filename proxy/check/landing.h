// Where GitHub's answer lands: the redirect_uri asked with a query like GitHub's, so that what a
// host does to the query is seen.
#pragma once

#include <optional>

#include "proxy/check/input.h"
#include "proxy/check/report.h"
#include "proxy/check/visit.h"

namespace portero {

/// The page that answers, with 200 and at the site's origin; nullopt: there is none to look into.
/// Reports what is wrong on the way: a redirect, even one that is followed, is a failure. A page
/// that cannot be reached from here is a warning.
[[nodiscard]] std::optional<Visit> land(const CheckInput& input, const Site& site, Report& report);

/// The address without the query that land() asked with.
[[nodiscard]] std::string without_answer(std::string_view address);

/// The headers with which pages are asked for.
[[nodiscard]] std::vector<Header> page_headers();

}  // namespace portero
