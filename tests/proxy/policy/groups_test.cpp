#include "proxy/policy/groups.h"

#include <gtest/gtest.h>

namespace portero {
namespace {

const Rule kOrganization{RuleKind::kOrganization, "acme"};
const Rule kTeam{RuleKind::kTeam, "acme/writers"};
const Rule kPush{RuleKind::kPush, "acme/site"};

TEST(Groups, HoldWhatHoldsByNameAndTheRestByDigest) {
  Groups groups;
  add_answer(kOrganization, Holds::kYes, groups);
  add_answer(kTeam, Holds::kNo, groups);
  add_answer(kPush, Holds::kHidden, groups);
  EXPECT_EQ(groups.held, std::vector<std::string>{"acme"});
  EXPECT_EQ(groups.unmet, digest_of(kTeam));
  EXPECT_EQ(groups.hidden, digest_of(kPush));
  EXPECT_FALSE(groups.is_empty());
}

TEST(Groups, KeepTheOrderInWhichTheyWereAdded) {
  Groups groups;
  for (const Rule& rule : {kPush, kOrganization, kTeam}) add_answer(rule, Holds::kYes, groups);
  EXPECT_EQ(groups.held, (std::vector<std::string>{"acme/site", "acme", "acme:writers"}));
}

TEST(Groups, AreEmptyIfNothingWasAsked) { EXPECT_TRUE(Groups().is_empty()); }

TEST(Groups, FindADigestOnlyWhereOneBegins) {
  EXPECT_TRUE(has_digest("abcdefgh", "abcd"));
  EXPECT_TRUE(has_digest("abcdefgh", "efgh"));
  EXPECT_FALSE(has_digest("abcdefgh", "cdef"));
  EXPECT_FALSE(has_digest("", "abcd"));
  EXPECT_FALSE(has_digest("abc", "abcd"));
}

TEST(Groups, KnowWhatCanBeDigests) {
  EXPECT_TRUE(is_digests(""));
  EXPECT_TRUE(is_digests("aB-_"));
  EXPECT_FALSE(is_digests("abc"));
  EXPECT_FALSE(is_digests("abcde"));
  EXPECT_FALSE(is_digests("ab d"));
}

}  // namespace
}  // namespace portero
