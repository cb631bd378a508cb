#include "proxy/settings/read_policies.h"

#include <algorithm>
#include <array>
#include <optional>

#include "proxy/base/text.h"
#include "proxy/settings/option.h"
#include "proxy/settings/raw_policies.h"
#include "proxy/settings/read_values.h"

namespace portero {
namespace {

constexpr std::int64_t kUserMax = (std::int64_t{1} << 53U) - 1;  // as of every user, base/user.h
constexpr std::string_view kForAll = "signed-in";
constexpr std::string_view kAllowFix =
    R"(write "signed-in", or {"teams": ["acme/writers"]} or likewise organizations, users, push)";

/// A list of names in `allow`: how one is written, and what it is called.
struct RuleList {
  RuleKind kind;
  std::string_view key;
  std::string_view wrong;
  std::string_view fix;
};

constexpr std::array<RuleList, 3> kRuleLists = {{
    {RuleKind::kOrganization, "organizations", "has no organization's name",
     "write it as its address at GitHub ends: acme"},
    {RuleKind::kTeam, "teams", "has no team's name",
     "write organization and team as their address at GitHub has them: acme/writers"},
    {RuleKind::kPush, "push", "has no repository's name",
     "write owner and repository as their address at GitHub ends: acme/site"},
}};

bool is_rule_name(RuleKind kind, std::string_view text) {
  if (kind == RuleKind::kOrganization) return is_account_name(text);
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos || !is_account_name(text.substr(0, slash))) return false;
  const std::string_view name = text.substr(slash + 1);
  return kind == RuleKind::kTeam ? is_team_name(name) : is_repository_name(name);
}

/// Reads one policy; what is wrong with it becomes a finding.
class PolicyReader {
 public:
  PolicyReader(const RawPolicy& raw, const std::vector<Site>& sites, Findings& findings,
               Findings& whole)
      : raw_(raw), sites_(sites), findings_(findings), whole_(whole) {}

  [[nodiscard]] Policy read() {
    policy_.name = raw_.name;
    if (!is_policy_name(raw_.name)) {
      wrong("", "is not a name of a policy", "write 1 to 64 letters, digits, - and _");
    }
    read_origin();
    read_allow();
    read_max_age();
    return std::move(policy_);
  }

 private:
  [[nodiscard]] const RawValue* find(std::string_view key) const {
    const auto found = raw_.values.find(key);
    return found == raw_.values.end() ? nullptr : &found->second;
  }
  [[nodiscard]] std::string at(std::string_view key) const {
    return name_policy(raw_.name) + (key.empty() ? "" : ".") + std::string(key);
  }
  void wrong(std::string_view key, std::string_view what, std::string_view fix) {
    findings_.mistake(at(key), what, fix);
  }

  void read_origin() {
    const RawValue* raw = find("origin");
    constexpr std::string_view kFix = "write one of `origins`";
    if (raw == nullptr) return whole_.mistake(at("origin"), "is missing", kFix);
    if (raw->shape != Shape::kText) return wrong("origin", "is not text", "write it in quotes");
    policy_.origin = raw->text;
    std::vector<std::string> origins;
    for (const Site& site : sites_) origins.push_back(site.origin);
    const auto at = std::find(origins.begin(), origins.end(), raw->text);
    policy_.site = static_cast<std::size_t>(at - origins.begin());
    if (at != origins.end()) return;
    // A mistake only if there are origins: that there are none is told already.
    if (origins.empty()) return;
    wrong("origin", "is no page of `origins`" + did_you_mean(raw->text, origins), kFix);
  }

  void read_allow() {
    const RawValue* raw = find("allow");
    if (raw == nullptr) return whole_.mistake(at("allow"), "is missing", kAllowFix);
    policy_.is_for_all = raw->shape == Shape::kText && raw->text == kForAll;
    if (policy_.is_for_all) return;
    if (raw->shape != Shape::kOther) return wrong("allow", "is neither of two things", kAllowFix);
    bool names_somebody = read_users();
    for (const RuleList& list : kRuleLists) names_somebody = read_rules(list) || names_somebody;
    if (!names_somebody) whole_.mistake(at("allow"), "lets nobody in", kAllowFix);
  }

  /// The list of that name in `allow`; nullptr: it is absent, or empty and reported.
  [[nodiscard]] const RawValue* find_list(const std::string& key, std::string_view fix) {
    const RawValue* raw = find(key);
    if (raw == nullptr) return nullptr;
    const bool is_list = raw->shape == Shape::kList || raw->shape == Shape::kNumbers;
    if (!is_list || !raw->text.empty()) return raw;
    wrong(key, "is empty, so it lets nobody in", std::string("remove it, or ").append(fix));
    return nullptr;
  }

  /// Whether the list is there.
  bool read_users() {
    const std::string key = "allow.users";
    constexpr std::string_view kFix =
        "write user ids as numbers: https://api.github.com/users/LOGIN shows one's `id`";
    const RawValue* raw = find_list(key, kFix);
    if (raw == nullptr) return find(key) != nullptr;
    if (raw->shape != Shape::kNumbers) wrong(key, "is not a list of user ids", kFix);
    if (raw->shape != Shape::kNumbers) return true;
    int number = 0;
    for (const std::string_view entry : split_list(raw->text)) {
      ++number;
      const std::optional<std::int64_t> id = read_number(entry, 1, kUserMax);
      if (id) policy_.users.push_back(*id);
      if (!id) wrong(key, "has no user id as entry " + std::to_string(number), kFix);
    }
    return true;
  }

  bool read_rules(const RuleList& list) {
    const std::string key = "allow." + std::string(list.key);
    const RawValue* raw = find_list(key, list.fix);
    if (raw == nullptr) return find(key) != nullptr;
    if (raw->shape != Shape::kList) wrong(key, "is not a list of names", list.fix);
    if (raw->shape != Shape::kList) return true;
    int number = 0;
    for (const std::string_view entry : split_list(raw->text)) {
      ++number;
      policy_.rules.push_back({list.kind, std::string(entry)});
      if (is_rule_name(list.kind, entry)) continue;
      wrong(key, std::string(list.wrong) + " as entry " + std::to_string(number), list.fix);
    }
    return true;
  }

  void read_max_age() {
    const RawValue* raw = find("max_age");
    if (raw == nullptr && !policy_.rules.empty()) policy_.max_age = kMaxAgeOfRules;
    if (raw == nullptr) return;
    const bool can_be = raw->shape == Shape::kText || raw->shape == Shape::kNumber;
    const auto read = can_be ? read_duration(raw->text) : std::nullopt;
    const std::chrono::seconds most(90 * kDay);
    if (!read || *read < kMaxAgeLeast || *read > most) {
      return wrong("max_age", "is not a duration in its range",
                   R"(write one from 10m to 90d, like "12h")");
    }
    policy_.max_age = std::chrono::duration_cast<std::chrono::seconds>(*read);
  }

  const RawPolicy& raw_;
  const std::vector<Site>& sites_;
  Findings& findings_;
  Findings& whole_;
  Policy policy_;
};

}  // namespace

std::vector<Policy> read_policies(const std::vector<RawPolicy>& raw, std::vector<Site>& sites,
                                  Findings& findings, Findings& whole) {
  std::vector<Policy> policies;
  policies.reserve(raw.size());
  for (const RawPolicy& policy : raw) {
    policies.push_back(PolicyReader(policy, sites, findings, whole).read());
  }
  for (Site& site : sites) {
    site.rules = rules_of(policies, site.origin);
    if (site.rules.size() <= kRulesMax) continue;
    findings.mistake("policies",
                     "name " + std::to_string(site.rules.size()) +
                         " organizations, teams and repositories for " + site.origin +
                         ", and a sign-in asks for " + std::to_string(kRulesMax) + " at most",
                     "name fewer: a team may hold many");
  }
  sort_policies(policies);
  return policies;
}

}  // namespace portero
