// Which page is calling. By a list of every Host there may be, made beforehand: no other is taken
// for a page. And a serialised origin is one that libcurl takes apart into scheme, host and port,
// and nothing else.
#include <set>

#include "proxy/base/url.h"
#include "tests/fuzz/caller.h"
#include "tests/fuzz/judgements.h"

namespace portero::origins_fuzz {

const std::set<std::string> kOrigins = {"https://page.example", "https://page.example:8443",
                                        "http://[::1]"};
const std::set<std::string> kHosts = {"page.example", "page.example:443", "page.example:8443",
                                      "[::1]", "[::1]:80"};
const Settings kSettings = [] {
  Settings settings;
  for (const std::string& origin : kOrigins) settings.sites.emplace_back().origin = origin;
  return settings;
}();

FUZZ_TARGET(origins)(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = text_of(data, size);
  Request request;
  request.method = take(rest);
  request.host = take(rest);
  const std::string line(take(rest));
  check(!is_serialised_origin(line) || is_origin_to_curl(line), "libcurl sees an origin");
  const bool reads = request.method == "GET" || request.method == "HEAD";
  const bool is_page = kHosts.contains(lower_case(request.host));
  check((find_site(kSettings, request) != nullptr) == (reads && is_page), "by Host");
  request.sec_fetch_site = "cross-site";
  check(find_site(kSettings, request) == nullptr, "never from another site");
  const Site* site = site_of(kSettings, line);
  check((site != nullptr) == kOrigins.contains(line), "by Origin");
  check(site == nullptr || site->origin == line, "byte for byte");
  return 0;
}

}  // namespace portero::origins_fuzz
