// The Content-Security-Policy of the page as this proxy serves it. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace portero {

/// Where the GitHub at `github_url` keeps avatars. github.com: one origin. An Enterprise Server
/// serves them itself or, with subdomain isolation, below `avatars.`: both origins, the server's
/// first, since we cannot see which one it uses. `portero check` expects the same of other pages'
/// policies.
[[nodiscard]] std::vector<std::string> avatar_origins(std::string_view github_url);

/// 'self' and WebAssembly, images also from avatar_origins(), Trusted Types 'none', no framing; of
/// inline scripts those whose `script_hashes` are named ('sha256-…').
[[nodiscard]] std::string make_page_policy(std::string_view github_url,
                                           const std::vector<std::string>& script_hashes = {});

}  // namespace portero
