#include "proxy/app/find_site.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "proxy/base/url.h"

namespace portero {
namespace {

/// nullptr: no page has it.
const Site* find_by_origin(const std::vector<Site>& sites, std::string_view origin) {
  const auto at =
      std::lower_bound(sites.begin(), sites.end(), origin,
                       [](const Site& site, std::string_view to) { return site.origin < to; });
  return at != sites.end() && at->origin == origin ? &*at : nullptr;
}

}  // namespace

const Site* find_site(const Settings& settings, const Request& request) {
  if (request.origin) {
    return request.origin_index ? &settings.sites.at(*request.origin_index) : nullptr;
  }
  if (request.method != "GET" && request.method != "HEAD") return nullptr;
  if (request.sec_fetch_site && *request.sec_fetch_site != "same-origin") return nullptr;
  const Site* site = find_by_origin(settings.sites, origin_of_host("https://", request.host));
  if (site != nullptr) return site;
  return find_by_origin(settings.sites, origin_of_host("http://", request.host));
}

bool is_same_site(const Site& site, const Request& request) {
  if (!request.sec_fetch_site) return names_authority(request.host, site.origin);
  return *request.sec_fetch_site == "same-origin" || *request.sec_fetch_site == "same-site";
}

}  // namespace portero
