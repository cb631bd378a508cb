// A request with an Origin line, as the gate hands it on: what find_site() needs.
#pragma once

#include "proxy/app/find_site.h"
#include "proxy/base/url.h"
#include "proxy/gate/cors.h"

namespace portero {

inline const Site* site_of(const Settings& settings, std::string_view origin) {
  std::vector<std::string> origins;
  for (const Site& site : settings.sites) origins.push_back(site.origin);
  Request request;
  request.origin = origin;
  request.origin_index = find_origin(origins, request.origin);
  return find_site(settings, request);
}

}  // namespace portero
