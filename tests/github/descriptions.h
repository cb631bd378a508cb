// Organisations and repositories as GitHub's REST API describes them. Pure.
#pragma once

#include <string>
#include <string_view>

#include "tests/github/organizations.h"
#include "tests/github/rest.h"

namespace portero::stand_in {

/// OpenAPI's organization-simple, and its organization-full as anybody sees it.
[[nodiscard]] Json simple_organization(const Organization& one, const std::string& base);
[[nodiscard]] Json full_organization(const Organization& one, const std::string& base);

/// OpenAPI's full-repository, without `permissions`.
[[nodiscard]] Json full_repository(const Organization& owner, const Repository& one,
                                   const std::string& base);

/// What somebody may do with a repository, from the least to the most. All read a public one, and
/// an organisation's owners administer all of its.
[[nodiscard]] Json permissions_of(const Organization& owner, const Repository& one,
                                  std::string_view login);

}  // namespace portero::stand_in
