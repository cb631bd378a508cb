#include "proxy/policy/policy.h"

#include <algorithm>

#include "proxy/base/text.h"

namespace portero {
namespace {

bool holds(const Rule& rule, const Groups& groups) {
  const std::string group = group_of(rule);
  return std::any_of(groups.held.begin(), groups.held.end(),
                     [&](const std::string& held) { return equals_ignoring_case(held, group); });
}

void add_new(const Rule& rule, std::vector<Rule>& all) {
  const auto is_it = [&rule](const Rule& other) { return is_same(rule, other); };
  if (std::none_of(all.begin(), all.end(), is_it)) all.push_back(rule);
}

/// Why rules that do not hold let nobody in. One that was not asked may hold after a new sign-in.
Passage explain(const std::vector<Rule>& rules, const Groups& groups) {
  Passage passage = Passage::kNoRule;
  for (const Rule& rule : rules) {
    const std::string digest = digest_of(rule);
    if (has_digest(groups.hidden, digest)) {
      passage = Passage::kHidden;
    } else if (!has_digest(groups.unmet, digest)) {
      return Passage::kTooOld;
    }
  }
  return passage;
}

}  // namespace

bool is_policy_name(std::string_view text) {
  constexpr std::size_t kLongest = 64;
  return !text.empty() && text.size() <= kLongest && is_alphanumeric_or("-_", text);
}

void sort_policies(std::vector<Policy>& policies) {
  std::sort(policies.begin(), policies.end(),
            [](const Policy& one, const Policy& other) { return one.name < other.name; });
}

const Policy* find_policy(const std::vector<Policy>& policies, std::string_view name) {
  const auto at = std::lower_bound(
      policies.begin(), policies.end(), name,
      [](const Policy& policy, std::string_view wanted) { return policy.name < wanted; });
  return at == policies.end() || at->name != name ? nullptr : &*at;
}

std::vector<Rule> rules_of(const std::vector<Policy>& policies, std::string_view origin) {
  std::vector<Rule> all;
  for (const Policy& policy : policies) {
    if (policy.origin != origin) continue;
    for (const Rule& rule : policy.rules) add_new(rule, all);
  }
  return all;
}

Passage may_pass(const Policy& policy, const Visitor& visitor, std::int64_t now) {
  const std::int64_t max_age = policy.max_age.count();
  if (max_age > 0 && now - visitor.auth_time >= max_age) return Passage::kTooOld;
  if (policy.is_for_all) return Passage::kAllowed;
  const std::vector<std::int64_t>& users = policy.users;
  if (std::find(users.begin(), users.end(), visitor.id) != users.end()) return Passage::kAllowed;
  const bool passes = std::any_of(policy.rules.begin(), policy.rules.end(),
                                  [&](const Rule& rule) { return holds(rule, visitor.groups); });
  return passes ? Passage::kAllowed : explain(policy.rules, visitor.groups);
}

}  // namespace portero
