// Who may pass: a policy of the settings, and whether it lets one session in. Pure: no clock, no
// request. Whether the session itself is valid is decided before (app/session.h).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/policy/groups.h"
#include "proxy/policy/rule.h"

namespace portero {

/// Rules that the policies of one origin may name, each counted once.
inline constexpr std::size_t kRulesMax = 64;

/// Shortest `max_age`: GitHub asks a visitor again after ten sign-ins within an hour.
inline constexpr std::chrono::seconds kMaxAgeLeast = std::chrono::minutes(10);

/// `max_age` of a policy that has rules and sets none.
inline constexpr std::chrono::seconds kMaxAgeOfRules = std::chrono::hours(12);

/// Lets in whoever one of its lines names.
struct Policy {
  std::string name;                      // [A-Za-z0-9_-], 1 to 64: how its check's path ends
  std::string origin;                    // of a configured page, whose sessions it judges
  std::size_t site = 0;                  // that page's place among the configured ones
  bool is_for_all = false;               // "signed-in": everybody who is
  std::vector<std::int64_t> users = {};  // by user id at GitHub
  std::vector<Rule> rules = {};          // organizations, then teams, then repositories
  std::chrono::seconds max_age = std::chrono::seconds(0);  // from the sign-in; 0: no limit
};

/// Whether `text` may be the name of a policy.
[[nodiscard]] bool is_policy_name(std::string_view text);

/// Sorts them by name, as find_policy() needs them.
void sort_policies(std::vector<Policy>& policies);

/// The policy of that name; nullptr: there is none. REQUIRES: they are sorted.
[[nodiscard]] const Policy* find_policy(const std::vector<Policy>& policies, std::string_view name);

/// What sign-ins at `origin` ask GitHub: the rules of all its policies in their order, each once.
[[nodiscard]] std::vector<Rule> rules_of(const std::vector<Policy>& policies,
                                         std::string_view origin);

enum class Passage {
  kAllowed,
  kTooOld,  // a new sign-in may pass: max_age is over, or a rule was not asked then
  kNoRule,  // no line names this person
  kHidden,  // none does, but GitHub does not say whether a rule would
};

/// What a policy reads of a session. Times are seconds since 1970.
struct Visitor {
  std::int64_t id = 0;  // user id at GitHub
  std::int64_t auth_time = 0;
  const Groups& groups;
};

/// REQUIRES: the session is valid, and of the policy's origin. Constant but for the sizes of
/// policy and groups, at most kRulesMax each.
[[nodiscard]] Passage may_pass(const Policy& policy, const Visitor& visitor, std::int64_t now);

}  // namespace portero
