// OAuth scopes, and the rules for callback addresses: what GitHub compares before it asks anybody.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace portero::stand_in {

using Scopes = std::set<std::string>;

/// Space or comma separated. Names GitHub does not have are left out (how GitHub treats them is not
/// documented), and so is what a wider one holds: `user` holds `user:email`.
[[nodiscard]] Scopes read_scopes(std::string_view text);

/// Comma separated, as GitHub answers, although one asks with spaces.
[[nodiscard]] std::string join_scopes(const Scopes& scopes);

/// True when the text asks for an expiring token; offline_access never becomes a scope.
[[nodiscard]] bool asks_offline(std::string_view text);

/// Exactly one of those registered; on loopback any port passes.
[[nodiscard]] bool redirect_uri_allowed(std::string_view uri,
                                        const std::vector<std::string>& registered);

}  // namespace portero::stand_in
