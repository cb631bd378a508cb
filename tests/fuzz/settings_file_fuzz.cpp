// A settings file that is found good leaves nothing to go wrong: every origin is one and finds its
// own site, redirect_uri is below it, no two share an authority. No finding tells a secret.
#include <set>

#include "proxy/settings/read_settings.h"
#include "tests/fuzz/caller.h"
#include "tests/fuzz/judgements.h"
#include "tests/fuzz/memory_file.h"

namespace portero {
namespace {

const MemoryFile kFile;
const std::string kSecret = make_unknown_text();

void judge(const Settings& settings) {
  std::set<std::string_view> authorities;
  for (const Site& site : settings.sites) {
    check(is_serialised_origin(site.origin) && is_origin_to_curl(site.origin), "an origin");
    check(site.origin.starts_with("https://") || is_loopback_url(site.origin), "https");
    check(site_of(settings, site.origin) == &site, "it finds its site");
    check(authorities.insert(authority_of(site.origin)).second, "authorities differ");
    check(site.redirect_uri.starts_with(site.origin + "/"), "redirect_uri is below its origin");
    check(is_printable(site.redirect_uri + site.client_id + site.scope), "it is plain text");
    check(!site.client_id.empty() && !site.client_secret.empty(), "it can sign in");
    check(site.insecure_cookie == site.origin.starts_with("http://"), "Secure");
  }
  check(!settings.sites.empty() && !settings.session_keys_file.empty(), "it can serve");
  check(settings.github.url.starts_with("https://") || is_loopback_url(settings.github.url), "TLS");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  kFile.write(text_of(data, size));
  const Environment environment = {{"PORTERO_CLIENT_SECRET", kSecret}};
  const ReadSettings read = read_settings({kFile.path(), environment, {}});
  for (const Problem& mistake : read.findings.mistakes) {
    check(!tells(mistake.text(), kSecret) && !mistake.fix.empty(), "a fix, no secret");
  }
  if (read.findings.mistakes.empty()) judge(read.settings);
  return 0;
}

}  // namespace portero
