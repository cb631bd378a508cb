#include "proxy/session/session_size.h"

#include <gtest/gtest.h>

namespace portero {
namespace {

/// What is found in settings with a page that names so many teams of `length` bytes each.
Findings find_in(std::size_t count, std::size_t length) {
  Settings settings;
  Site& site = settings.sites.emplace_back();
  site.origin = "https://page.example";
  for (std::size_t i = 0; i < count; ++i) {
    std::string name = "acme/" + std::to_string(i + 100);
    site.rules.push_back({RuleKind::kTeam, name + std::string(length - name.size(), 't')});
  }
  Findings findings;
  validate_session_sizes(settings, findings);
  return findings;
}

TEST(SessionSize, IsNoConcernWithoutPolicies) { EXPECT_TRUE(find_in(0, 20).mistakes.empty()); }

TEST(SessionSize, HoldsSixtyFourNamesOfUsualLength) {
  EXPECT_TRUE(find_in(64, 20).mistakes.empty());
}

TEST(SessionSize, IsAMistakeWhereACookieCouldOverflow) {
  const Findings findings = find_in(64, 40);
  ASSERT_EQ(findings.mistakes.size(), 1U);
  EXPECT_TRUE(findings.mistakes[0].text().starts_with(
      "policies: name so much for https://page.example that a session may take "))
      << findings.mistakes[0].text();
}

TEST(SessionSize, SaysNothingOfTooManyRulesThatIsToldAlready) {
  EXPECT_TRUE(find_in(65, 40).mistakes.empty());
}

}  // namespace
}  // namespace portero
