#include "proxy/session/cookies.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <span>

#include "wasm/encoding.h"

namespace portero {
namespace {

constexpr std::string_view kBlank = " \t";

std::string_view strip(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

bool is_value_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

std::string attributes(const Site& site, std::chrono::seconds max_age) {
  std::string text = site.insecure_cookie ? "" : "; Secure";
  text += "; HttpOnly; Path=/; SameSite=Lax; Max-Age=" + std::to_string(max_age.count());
  return text;
}

}  // namespace

bool is_session_text(std::string_view text) {
  return !text.empty() && text.size() <= kSessionMax &&
         std::all_of(text.begin(), text.end(), is_value_byte);
}

std::string make_cookie_name(std::string_view origin, bool insecure) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  const std::string bytes(origin);
  if (SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data()) ==
      nullptr) {
    return "";
  }
  const std::string mark = base64url_encode(digest).substr(0, 8);
  return (insecure ? "portero-dev-" : "__Host-Http-portero-") + mark;
}

FoundCookie find_cookie(std::string_view cookie_line, std::string_view name) {
  FoundCookie found;
  int copies = 0;
  while (true) {
    const std::size_t end = cookie_line.find(';');
    const std::string_view pair = strip(cookie_line.substr(0, end));
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == name) {
      ++copies;
      const std::string_view value = pair.substr(equals + 1);
      if (is_session_text(value)) found.value = value;
    }
    if (end == std::string_view::npos) break;
    cookie_line.remove_prefix(end + 1);
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
