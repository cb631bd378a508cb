// Where a page may go after a sign-in: somewhere on itself, never elsewhere.
#pragma once

#include <string_view>

namespace portero {

/// Whether a text is an absolute path of the page's own origin, both for a browser and for a server
/// that decodes it once and redirects. The form is that of `location`: visible ASCII, at most
/// kReturnToMax bytes, a query and a fragment allowed.
/// Refuses, in the path as written and as decoded once: what starts like an authority, a `\` or a
/// `//` anywhere (dot segments could move it to the front), control bytes, and a `%` that encodes
/// nothing.
[[nodiscard]] bool is_return_to(std::string_view text);

}  // namespace portero
