#include "proxy/policy/groups.h"

#include <algorithm>

#include "proxy/base/text.h"

namespace portero {

void add_answer(const Rule& rule, Holds holds, Groups& groups) {
  if (holds == Holds::kYes) {
    groups.held.push_back(group_of(rule));
  } else {
    (holds == Holds::kNo ? groups.unmet : groups.hidden) += digest_of(rule);
  }
}

bool has_digest(std::string_view digests, std::string_view digest) {
  for (; !digests.empty(); digests.remove_prefix(std::min(kRuleDigest, digests.size()))) {
    if (digests.substr(0, kRuleDigest) == digest) return true;
  }
  return false;
}

bool is_digests(std::string_view digests) {
  return digests.size() % kRuleDigest == 0 && is_alphanumeric_or("-_", digests);
}

}  // namespace portero
