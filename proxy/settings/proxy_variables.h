// HTTPS_PROXY and its kin, which other programs obey. portero does not: `github.proxy` is the
// setting. This says so to whoever set one.
#pragma once

#include <optional>

#include "proxy/base/problem.h"
#include "proxy/settings/environment.h"
#include "proxy/settings/settings.h"

namespace portero {

/// The warning that a forward proxy is named in the environment and not used. nullopt: none is, or
/// `github.proxy` is set, or NO_PROXY leaves GitHub out. Shows no password that stands in it.
[[nodiscard]] std::optional<Problem> warn_of_proxy_variable(const Environment& environment,
                                                            const GithubSettings& github);

}  // namespace portero
