// A rule: membership that GitHub is asked about at sign-in, because a policy names it. It is
// written in three ways: as the operator wrote it, as the session and the web server get it if it
// holds (group_of), and as four characters if it does not (digest_of).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace portero {

enum class RuleKind {
  kOrganization,  // an active member of "acme"
  kTeam,          // an active member of the team "acme/writers"
  kPush,          // whoever may push to the repository "acme/site"
};

struct Rule {
  RuleKind kind = RuleKind::kOrganization;
  std::string name;  // as configured
};

/// "acme", "acme:writers", "acme/site". No two rules have the same: names of GitHub hold neither
/// `:` nor `/`.
[[nodiscard]] std::string group_of(const Rule& rule);

/// Characters of digest_of().
inline constexpr std::size_t kRuleDigest = 4;

/// The first 24 bits of group_of()'s FNV-1a hash (64 bits), in lower case, as base64url. It is how
/// a session says that a rule was asked and did not hold. That need not be unforgeable: what holds
/// is said by name, so two rules with one digest let nobody in. They make the check say 403 where
/// 401 and a new sign-in would be right; the odds are 1 to 260,000 for a rule that is added to 64
/// others.
[[nodiscard]] std::string digest_of(const Rule& rule);

/// The same rule to GitHub, which compares names without regard to case.
[[nodiscard]] bool is_same(const Rule& one, const Rule& other);

/// Whether GitHub can have an account (an organization or a user), a team or a repository of that
/// name. Accounts of an earlier time may hold `--` or end in `-`.
[[nodiscard]] bool is_account_name(std::string_view text);
[[nodiscard]] bool is_team_name(std::string_view text);
[[nodiscard]] bool is_repository_name(std::string_view text);

}  // namespace portero
