// What a sign-in learned from GitHub about its origin's rules, as the session carries it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proxy/policy/rule.h"

namespace portero {

/// GitHub's answer to one rule.
enum class Holds {
  kYes,
  kNo,
  kHidden,  // it does not say: the organization restricts the app, or wants single sign-on first
};

/// Every rule that was asked is in one of the three. A rule that is in none was not asked.
struct Groups {
  std::vector<std::string> held;  // group_of() each, in the order of the settings
  std::string unmet;              // digest_of() of those that do not hold, one after the other
  std::string hidden;             // likewise, those that GitHub does not say

  /// True if nothing was asked.
  [[nodiscard]] bool is_empty() const { return held.empty() && unmet.empty() && hidden.empty(); }
};

/// Notes an answer. REQUIRES: rules are added in the order of Site::rules, each once.
void add_answer(const Rule& rule, Holds holds, Groups& groups);

/// Whether `digests`, as in Groups, holds this one.
[[nodiscard]] bool has_digest(std::string_view digests, std::string_view digest);

/// Whether `digests` can be what Groups holds: whole digests of [A-Za-z0-9_-].
[[nodiscard]] bool is_digests(std::string_view digests);

}  // namespace portero
