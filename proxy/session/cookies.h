// Our cookie: its name, how it is found in a raw Cookie line, how it is set and expired. No
// decoding, no quotes, no library: what is not ours byte for byte is not ours.
// Requirements: docs/security.md R34-R37.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/base/problem.h"
#include "proxy/settings/settings.h"
#include "wasm/result.h"

namespace portero {

/// Longest sealed session, however it is carried, in characters of [A-Za-z0-9._-].
inline constexpr std::size_t kSessionMax = 4096;

/// Length of a cookie's name, at most.
inline constexpr std::size_t kCookieNameMax = 28;

/// Whether `text` is what a session can be: 1 to kSessionMax of [A-Za-z0-9._-].
[[nodiscard]] bool is_session_text(std::string_view text);

/// "__Host-Http-portero-" or "portero-dev-" + the first 8 characters of base64url(SHA-256(origin)).
/// Empty when the digest could not be made.
[[nodiscard]] std::string make_cookie_name(std::string_view origin, bool insecure);

/// Gives each site its cookie's name. The Problem: OpenSSL made no digest.
[[nodiscard]] Result<Done, Problem> name_cookies(std::vector<Site>& sites);

struct FoundCookie {
  std::optional<std::string> value;  // absent when malformed, missing or doubled
  bool doubled = false;              // two or more copies of the name
};

/// Looks for `name` in the bytes of one Cookie line: split on `;`, SP and HTAB stripped, the name
/// compared byte for byte. A request's several Cookie lines are joined with "; " before.
[[nodiscard]] FoundCookie find_cookie(std::string_view cookie_line, std::string_view name);

/// The Set-Cookie value that carries `sealed` for at most `max_age` seconds. HttpOnly, Path=/,
/// SameSite=Lax, Secure except on the loopback development name.
[[nodiscard]] std::string make_set_cookie(const Site& site, std::string_view sealed,
                                          std::chrono::seconds max_age);

/// The Set-Cookie value that expires ours.
[[nodiscard]] std::string make_expired_cookie(const Site& site);

}  // namespace portero
