// URLs and origins as text, compared byte for byte. Stricter than a browser: an origin must be
// written exactly as a browser writes it. Knows no site and no request.
#pragma once

#include <string>
#include <string_view>

namespace portero {

/// What comes before a URL's path, query or fragment: "https://page.example:8443". A text without
/// "://" is returned whole. is_serialised_origin() says whether it is an origin.
[[nodiscard]] std::string_view origin_of(std::string_view url);

/// Host and port of an http(s) URL or origin, as written: "page.example:8443". An origin never
/// shows its default port. Empty for anything else.
[[nodiscard]] std::string_view authority_of(std::string_view url);

/// The host alone, an IPv6 address without its brackets: "api.github.com", "127.0.0.1", "::1".
[[nodiscard]] std::string_view host_of(std::string_view url);

/// True for "scheme://host[:port]" exactly as a browser serialises an origin: lower case, no path,
/// no default port, no user, http or https.
[[nodiscard]] bool is_serialised_origin(std::string_view text);

/// The origin that a Host line names where the scheme, `http://` or `https://`, is this: in lower
/// case, without the default port. No valid origin comes of a line that names none.
[[nodiscard]] std::string origin_of_host(std::string_view scheme, std::string_view host);

/// True when a Host line names the origin's authority, in any case, its default port written out or
/// not.
[[nodiscard]] bool names_authority(std::string_view host, std::string_view origin);

/// `text` with each byte for which `stays` is false as %XX, upper case.
[[nodiscard]] std::string percent_encode(std::string_view text, bool (*stays)(char c));

/// True when the host of an http(s) URL is localhost, 127.0.0.1 or [::1].
[[nodiscard]] bool is_loopback_url(std::string_view url);

}  // namespace portero
