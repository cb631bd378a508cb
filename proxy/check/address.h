// Addresses as a page or a redirect writes them, resolved as a browser does (WHATWG URL), http and
// https only. Pure. What a browser would repair but nobody means (a user name, a host beyond ASCII)
// is refused.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace portero {

/// The absolute address that `reference` means on a page at `base`: its dot segments resolved,
/// without fragment, in printable ASCII. Blanks at its ends and line ends inside are dropped, a
/// backslash is a slash. nullopt: it means no web address. REQUIRES: `base` is such an address.
[[nodiscard]] std::optional<std::string> resolve_address(std::string_view base,
                                                         std::string_view reference);

/// The address without its query.
[[nodiscard]] std::string_view without_query(std::string_view address);

/// What follows the first '?', without it; empty when there is none.
[[nodiscard]] std::string_view query_of(std::string_view address);

/// Path and query: what follows the origin. At least "/" in what resolve_address() gave.
[[nodiscard]] std::string_view target_of(std::string_view address);

}  // namespace portero
