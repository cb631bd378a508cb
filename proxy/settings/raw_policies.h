// `policies` of a settings file as RawPolicies. Which are valid: read_policies.h.
#pragma once

#include <string>
#include <string_view>

#include "proxy/base/json.h"
#include "proxy/base/problem.h"
#include "proxy/settings/raw_value.h"

namespace portero {

/// "policies[staff]".
[[nodiscard]] std::string name_policy(std::string_view name);

/// Replaces the policies by those of `json`, the value of `policies`, and reports what is no
/// setting of one.
void add_policies(const Json& json, RawSettings& raw, Findings& findings);

}  // namespace portero
