#include "proxy/app/find_site.h"

#include "proxy/base/url.h"

namespace portero {

const Site* find_site(const Settings& settings, const Request& request) {
  if (request.origin) {
    return request.origin_index ? &settings.sites.at(*request.origin_index) : nullptr;
  }
  if (request.method != "GET" && request.method != "HEAD") return nullptr;
  if (request.sec_fetch_site && *request.sec_fetch_site != "same-origin") return nullptr;
  for (const Site& site : settings.sites) {
    if (names_authority(request.host, site.origin)) return &site;
  }
  return nullptr;
}

bool is_same_site(const Site& site, const Request& request) {
  if (!request.sec_fetch_site) return names_authority(request.host, site.origin);
  return *request.sec_fetch_site == "same-origin" || *request.sec_fetch_site == "same-site";
}

}  // namespace portero
