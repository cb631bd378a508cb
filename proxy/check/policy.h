// A page's Content-Security-Policy (CSP Level 3), as far as a sign-in depends on it. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proxy/base/fetch.h"

namespace portero {

/// The policies of a page, each of which is enforced: of its headers and of its <meta> elements.
[[nodiscard]] std::vector<std::string> find_policies(const UpstreamReply& page);

/// Whether the policy lets a page of `page_origin` load from, or connect to, `origin`. `directive`
/// falls back to default-src; without either everything is allowed.
[[nodiscard]] bool allows_origin(std::string_view policy, std::string_view directive,
                                 std::string_view origin, std::string_view page_origin);

/// Whether the page may compile WebAssembly: 'wasm-unsafe-eval' or 'unsafe-eval' in script-src.
[[nodiscard]] bool allows_wasm(std::string_view policy);

}  // namespace portero
