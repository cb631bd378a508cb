#include "proxy/policy/policy.h"

#include <gtest/gtest.h>

namespace portero {
namespace {

constexpr std::int64_t kSignedIn = 1000000;
constexpr std::int64_t kHour = 3600;

const Rule kAcme{RuleKind::kOrganization, "acme"};
const Rule kWriters{RuleKind::kTeam, "acme/writers"};
const Rule kRepository{RuleKind::kPush, "acme/site"};
const Rule kOther{RuleKind::kOrganization, "umbrella"};

Policy make_policy(std::vector<Rule> rules) {
  return {.name = "staff",
          .origin = "https://docs.example",
          .rules = std::move(rules),
          .max_age = kMaxAgeOfRules};
}

/// What a policy says of somebody whose sign-in brought these answers, an hour ago.
Passage pass(const Policy& policy, const std::vector<std::pair<Rule, Holds>>& answers,
             std::int64_t id = 583231) {
  Groups groups;
  for (const auto& [rule, holds] : answers) add_answer(rule, holds, groups);
  return may_pass(policy, {.id = id, .auth_time = kSignedIn, .groups = groups}, kSignedIn + kHour);
}

TEST(Policy, LetsInWhoeverIsSignedIn) {
  Policy policy = make_policy({});
  policy.is_for_all = true;
  EXPECT_EQ(pass(policy, {}), Passage::kAllowed);
}

TEST(Policy, LetsInItsUsersByNumber) {
  Policy policy = make_policy({});
  policy.users = {1, 9007199254740993, 583231};
  EXPECT_EQ(pass(policy, {}), Passage::kAllowed);
  EXPECT_EQ(pass(policy, {}, 9007199254740993), Passage::kAllowed);
  EXPECT_EQ(pass(policy, {}, 9007199254740992), Passage::kNoRule);
}

TEST(Policy, LetsInWhoeverOneRuleNames) {
  const Policy policy = make_policy({kAcme, kWriters, kRepository});
  for (const Rule& rule : policy.rules) {
    std::vector<std::pair<Rule, Holds>> answers;
    for (const Rule& other : policy.rules) {
      answers.emplace_back(other, is_same(rule, other) ? Holds::kYes : Holds::kNo);
    }
    EXPECT_EQ(pass(policy, answers), Passage::kAllowed) << rule.name;
  }
}

TEST(Policy, LetsInByARuleThatIsNowWrittenInAnotherCase) {
  EXPECT_EQ(pass(make_policy({{RuleKind::kTeam, "ACME/writers"}}), {{kWriters, Holds::kYes}}),
            Passage::kAllowed);
}

TEST(Policy, TakesNoTeamForARepositoryNorAnOrganizationForAnother) {
  EXPECT_EQ(pass(make_policy({{RuleKind::kPush, "acme/writers"}}), {{kWriters, Holds::kYes}}),
            Passage::kTooOld);
  EXPECT_EQ(pass(make_policy({kOther}), {{kAcme, Holds::kYes}, {kOther, Holds::kNo}}),
            Passage::kNoRule);
}

TEST(Policy, SaysThatNoRuleNamesSomebody) {
  EXPECT_EQ(pass(make_policy({kAcme, kWriters}), {{kAcme, Holds::kNo}, {kWriters, Holds::kNo}}),
            Passage::kNoRule);
}

TEST(Policy, SaysThatGithubHidesWhetherARuleHolds) {
  EXPECT_EQ(pass(make_policy({kAcme, kWriters}), {{kAcme, Holds::kHidden}, {kWriters, Holds::kNo}}),
            Passage::kHidden);
  EXPECT_EQ(
      pass(make_policy({kAcme, kWriters}), {{kAcme, Holds::kHidden}, {kWriters, Holds::kYes}}),
      Passage::kAllowed);
}

TEST(Policy, AsksForANewSignInWhereARuleWasNotAsked) {
  EXPECT_EQ(pass(make_policy({kAcme}), {}), Passage::kTooOld);
  EXPECT_EQ(pass(make_policy({kAcme, kOther}), {{kAcme, Holds::kNo}}), Passage::kTooOld);
  EXPECT_EQ(pass(make_policy({kAcme, kOther}), {{kAcme, Holds::kHidden}}), Passage::kTooOld);
  EXPECT_EQ(pass(make_policy({kAcme, kOther}), {{kAcme, Holds::kYes}}), Passage::kAllowed);
}

TEST(Policy, EndsWithItsAgeWhoeverItNames) {
  Policy policy = make_policy({});
  policy.is_for_all = true;
  policy.users = {583231};
  policy.max_age = std::chrono::seconds(kHour);
  EXPECT_EQ(pass(policy, {}), Passage::kTooOld);
  policy.max_age += std::chrono::seconds(1);
  EXPECT_EQ(pass(policy, {}), Passage::kAllowed);
  policy.max_age = std::chrono::seconds(0);
  EXPECT_EQ(pass(policy, {}), Passage::kAllowed);
}

TEST(Policy, IsNamedByWhatAPathCanHoldAsItIs) {
  for (const char* name : {"staff", "Staff_2", "a-b", "0"}) EXPECT_TRUE(is_policy_name(name));
  EXPECT_TRUE(is_policy_name(std::string(64, 'a')));
  EXPECT_FALSE(is_policy_name(std::string(65, 'a')));
  for (const char* name : {"", "a/b", "a b", "a.b", "a%20", "ä", "a?"}) {
    EXPECT_FALSE(is_policy_name(name)) << name;
  }
}

TEST(Policy, HasItsOriginsRulesAskedOnceEachInTheirOrder) {
  Policy readers = make_policy({kWriters, {RuleKind::kOrganization, "ACME"}, kRepository});
  Policy elsewhere = make_policy({kOther});
  elsewhere.origin = "https://other.example";
  const std::vector<Rule> rules =
      rules_of({make_policy({kAcme, kWriters}), elsewhere, readers}, "https://docs.example");
  ASSERT_EQ(rules.size(), 3U);
  EXPECT_EQ(rules[0].name, "acme");
  EXPECT_EQ(rules[1].name, "acme/writers");
  EXPECT_EQ(rules[2].name, "acme/site");
}

TEST(Policy, IsFoundByItsWholeName) {
  std::vector<Policy> policies;
  for (const char* name : {"staff", "Staff", "readers", "staff-2"}) {
    policies.push_back(make_policy({}));
    policies.back().name = name;
  }
  sort_policies(policies);
  for (const char* name : {"staff", "Staff", "readers", "staff-2"}) {
    ASSERT_NE(find_policy(policies, name), nullptr) << name;
    EXPECT_EQ(find_policy(policies, name)->name, name);
  }
  for (const char* name : {"", "staf", "staff2", "STAFF", "zebra"}) {
    EXPECT_EQ(find_policy(policies, name), nullptr) << name;
  }
  EXPECT_EQ(find_policy({}, "staff"), nullptr);
}

}  // namespace
}  // namespace portero
