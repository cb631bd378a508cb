#include "proxy/settings/raw_policies.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <vector>

#include "proxy/settings/option.h"
#include "proxy/settings/raw_json.h"

namespace portero {
namespace {

constexpr std::array<std::string_view, 3> kPolicyKeys = {"origin", "allow", "max_age"};
constexpr std::array<std::string_view, 4> kAllowKeys = {"organizations", "teams", "users", "push"};

/// Adds the members of an object that a policy can have: `known`, each behind `prefix`. What is
/// missing beside a misspelt one is no second mistake.
class Members {
 public:
  Members(RawPolicy& policy, RawSettings& raw, Findings& findings)
      : policy_(policy), raw_(raw), findings_(findings), at_(name_policy(policy.name) + ".") {}

  void add(std::string_view prefix, const Json& json, std::span<const std::string_view> known) {
    const std::vector<std::string> names(known.begin(), known.end());
    for (const auto& [key, value] : json.items()) {
      const std::string name = std::string(prefix).append(key);
      if (std::find(names.begin(), names.end(), key) != names.end()) {
        policy_.values[name] = make_raw(value);
      } else {
        refuse(name, find_nearest(key, names), did_you_mean(key, names));
      }
    }
  }

 private:
  void refuse(const std::string& name, const std::optional<std::string>& meant,
              const std::string& question) {
    if (name.starts_with("allow.")) raw_.meant.insert(at_ + "allow");
    if (meant) raw_.meant.insert(at_ + *meant);
    findings_.mistake(at_ + name, "is not a setting of a policy" + question,
                      "remove it or correct its name");
  }

  RawPolicy& policy_;
  RawSettings& raw_;
  Findings& findings_;
  const std::string at_;
};

void add_policy(const std::string& name, const Json& json, RawSettings& raw, Findings& findings) {
  RawPolicy policy{.name = name, .values = {}};
  const std::string at = name_policy(name);
  if (!json.is_object()) {
    for (const char* key : {".origin", ".allow"}) raw.meant.insert(at + key);
    findings.mistake(at, "is not an object",
                     R"(write {"origin": "https://page.example", "allow": …})");
  } else {
    Members members(policy, raw, findings);
    members.add("", json, kPolicyKeys);
    const Json* allow = find_member(json, "allow");
    if (allow != nullptr && allow->is_object()) members.add("allow.", *allow, kAllowKeys);
  }
  raw.policies.push_back(std::move(policy));
}

}  // namespace

std::string name_policy(std::string_view name) { return "policies[" + std::string(name) + "]"; }

void add_policies(const Json& json, RawSettings& raw, Findings& findings) {
  raw.policies.clear();
  if (!json.is_object()) {
    findings.mistake("policies", "is not an object",
                     R"(write {"staff": {"origin": "https://page.example", "allow": …}})");
    return;
  }
  for (const auto& [name, policy] : json.items()) add_policy(name, policy, raw, findings);
}

}  // namespace portero
