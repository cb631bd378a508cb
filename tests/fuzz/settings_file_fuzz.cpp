// A settings file found good leaves nothing to go wrong: every origin finds its own site, and so
// on. No finding tells a secret; one of JSON that does not parse stands alone and names its place.
#include <set>

#include "proxy/settings/read_settings.h"
#include "tests/fuzz/caller.h"
#include "tests/fuzz/judgements.h"
#include "tests/fuzz/memory_file.h"

namespace portero::settings_file_fuzz {

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
  for (const Policy& policy : settings.policies) {
    check(authorities.contains(authority_of(policy.origin)), "its page is there");
  }
  check(!authorities.empty() && !settings.session_keys_file.empty(), "it can serve");
  check(settings.github.url.starts_with("https://") || is_loopback_url(settings.github.url), "TLS");
}

FUZZ_TARGET(settings_file)(const std::uint8_t* data, std::size_t size) {
  kFile.write(text_of(data, size));
  const ReadSettings read = read_settings({kFile.path(), {{"PORTERO_CLIENT_SECRET", kSecret}}, {}});
  for (const auto& [key, wrong, fix] : read.findings.mistakes) {
    check(!tells(key + wrong + fix, kSecret) && !fix.empty(), "a fix, no secret");
    check(key != read.file || names_places_in(wrong + fix, text_of(data, size)), "it is there");
    check(key != read.file || read.findings.mistakes.size() == 1, "of no JSON nothing follows");
  }
  if (read.findings.mistakes.empty()) judge(read.settings);
  return 0;
}

}  // namespace portero::settings_file_fuzz
