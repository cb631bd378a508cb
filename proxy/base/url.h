// URLs and origins as text, compared byte for byte. Stricter than a browser's own reading: what is
// not written the way a browser writes it is no origin here. Knows no site and no request.
#pragma once

#include <string_view>

namespace portero {

/// "https://page.example:8443" -> "page.example:8443"; the default port is never there.
[[nodiscard]] std::string_view authority_of(std::string_view origin);

/// True for "scheme://host[:port]" exactly as a browser serialises an origin: lower case, no path,
/// no default port, no user, http or https.
[[nodiscard]] bool is_serialised_origin(std::string_view text);

/// True when a Host line names the origin's authority, in any case, its default port written out or
/// not.
[[nodiscard]] bool names_authority(std::string_view host, std::string_view origin);

/// True when the host of an http(s) URL is localhost, 127.0.0.1 or [::1].
[[nodiscard]] bool is_loopback_url(std::string_view url);

}  // namespace portero
