// Reads `policies`, or reports what is wrong with each. What a policy is: policy/policy.h.
#pragma once

#include <vector>

#include "proxy/base/problem.h"
#include "proxy/settings/raw_value.h"
#include "proxy/settings/settings.h"

namespace portero {

/// The policies, sorted by name; each site gets the rules of its own, in the order in which they
/// are written. What is missing goes to
/// `whole`. Names are checked by GitHub's syntax; whether they exist, `portero check` asks.
[[nodiscard]] std::vector<Policy> read_policies(const std::vector<RawPolicy>& raw,
                                                std::vector<Site>& sites, Findings& findings,
                                                Findings& whole);

}  // namespace portero
