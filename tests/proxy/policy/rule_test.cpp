#include "proxy/policy/rule.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace portero {
namespace {

const Rule kOrganizationRule{RuleKind::kOrganization, "acme"};
const Rule kTeamRule{RuleKind::kTeam, "acme/writers"};
const Rule kPushRule{RuleKind::kPush, "acme/writers"};

TEST(Rule, NamesAnOrganizationATeamAndARepositoryApart) {
  EXPECT_EQ(group_of(kOrganizationRule), "acme");
  EXPECT_EQ(group_of(kTeamRule), "acme:writers");
  EXPECT_EQ(group_of(kPushRule), "acme/writers");
}

TEST(Rule, IsTheSameInAnyCaseButNotOfAnotherKind) {
  EXPECT_TRUE(is_same(kTeamRule, {RuleKind::kTeam, "Acme/WRITERS"}));
  EXPECT_FALSE(is_same(kTeamRule, kPushRule));
  EXPECT_FALSE(is_same(kOrganizationRule, {RuleKind::kOrganization, "acme2"}));
}

// Sessions of yesterday hold these: they must not change.
TEST(Rule, HasTheDigestItAlwaysHad) {
  EXPECT_EQ(digest_of(kOrganizationRule), "ByTT");
  EXPECT_EQ(digest_of(kTeamRule), "jKZ_");
  EXPECT_EQ(digest_of(kPushRule), "cpnO");
}

TEST(Rule, HasOneDigestInAnyCase) {
  EXPECT_EQ(digest_of(kTeamRule), digest_of({RuleKind::kTeam, "ACME/Writers"}));
}

TEST(Rule, HasADigestOfItsOwnAmongAThousand) {
  std::set<std::string> digests;
  for (int i = 0; i < 1000; ++i) {
    const Rule rule{RuleKind::kOrganization, "acme-" + std::to_string(i)};
    EXPECT_EQ(digest_of(rule).size(), kRuleDigest);
    digests.insert(digest_of(rule));
  }
  EXPECT_EQ(digests.size(), 1000U);
}

TEST(Rule, TakesTheNamesThatGithubHas) {
  EXPECT_TRUE(is_account_name("acme"));
  EXPECT_TRUE(is_account_name("Acme-2"));
  EXPECT_TRUE(is_account_name("old--name-"));
  EXPECT_TRUE(is_account_name("mona_acme"));  // of an enterprise with managed users
  EXPECT_TRUE(is_account_name(std::string(39, 'a')));
  EXPECT_TRUE(is_team_name("writers_of-docs"));
  EXPECT_TRUE(is_repository_name(".github"));
  EXPECT_TRUE(is_repository_name("acme.github.io"));
}

TEST(Rule, TakesNoOtherName) {
  for (const char* text : {"", "-acme", "ac me", "acme.", "acme/x", "@acme", "ácme", "acme,b"}) {
    EXPECT_FALSE(is_account_name(text)) << text;
  }
  EXPECT_FALSE(is_account_name(std::string(40, 'a')));
  for (const char* text : {"", "a/b", "a.b", "Tech Writers", "@writers"}) {
    EXPECT_FALSE(is_team_name(text)) << text;
  }
  for (const char* text : {"", ".", "..", "a/b", "a b", "a%2fb"}) {
    EXPECT_FALSE(is_repository_name(text)) << text;
  }
  EXPECT_FALSE(is_repository_name(std::string(101, 'a')));
}

}  // namespace
}  // namespace portero
