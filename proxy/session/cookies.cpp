#include "proxy/session/cookies.h"

#include "proxy/base/text.h"
#include "proxy/session/digest.h"

namespace portero {
namespace {

std::string attributes(const Site& site, std::chrono::seconds max_age) {
  std::string text = site.insecure_cookie ? "" : "; Secure";
  text += "; HttpOnly; Path=/; SameSite=Lax; Max-Age=" + std::to_string(max_age.count());
  return text;
}

}  // namespace

/// Looks at every character, without a branch for each: a compiler takes sixteen at once.
bool is_session_text(std::string_view text) {
  if (text.empty() || text.size() > kSessionMax) return false;
  unsigned char others = 0;
  for (const char c : text) {
    const auto is = [c](char mark) { return static_cast<unsigned>(c == mark); };
    const auto within = [c](char first, char last) {
      return static_cast<unsigned>(c >= first) & static_cast<unsigned>(c <= last);
    };
    const unsigned is_ours =
        within('0', '9') | within('A', 'Z') | within('a', 'z') | is('.') | is('_') | is('-');
    others |= static_cast<unsigned char>(is_ours ^ 1U);
  }
  return others == 0;
}

std::string make_cookie_name(std::string_view origin, bool insecure) {
  const Result<std::string> digest = sha256_base64url(origin);
  if (!digest) return "";
  return (insecure ? "portero-dev-" : "__Host-Http-portero-") + digest->substr(0, 8);
}

Result<Done, Problem> name_cookies(std::vector<Site>& sites) {
  for (Site& site : sites) {
    site.cookie_name = make_cookie_name(site.origin, site.insecure_cookie);
    if (!site.cookie_name.empty()) continue;
    return Problem{"origins", "have no cookie names: OpenSSL makes no SHA-256 digest",
                   "start again; if it persists, check OpenSSL's own settings"};
  }
  return Done{};
}

FoundCookie find_cookie(std::string_view cookie_line, std::string_view name) {
  FoundCookie found;
  int copies = 0;
  while (!cookie_line.empty()) {
    const std::string_view pair = strip(take_part(cookie_line, ';'));
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
    ++copies;
    const std::string_view value = pair.substr(equals + 1);
    if (is_session_text(value)) found.value = value;
  }
  found.doubled = copies > 1;
  if (found.doubled) found.value.reset();
  return found;
}

std::string make_set_cookie(const Site& site, std::string_view sealed,
                            std::chrono::seconds max_age) {
  return site.cookie_name + "=" + std::string(sealed) + attributes(site, max_age);
}

std::string make_expired_cookie(const Site& site) {
  return site.cookie_name + "=" + attributes(site, std::chrono::seconds(0));
}

}  // namespace portero
