#include "proxy/settings/read_policies.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/proxy/settings/operator.h"

namespace portero {
namespace {

/// What the settings say with these policies, at one page: https://page.example.
ReadSettings read_policies_json(const std::string& json) {
  return read_with({{"PORTERO_POLICIES", json}});
}

/// The same, of one policy called staff.
ReadSettings read_staff(const std::string& members) {
  return read_policies_json(R"({"staff": {"origin": "https://page.example", )" + members + "}}");
}

TEST(Policies, AreReadFromASettingsFileAndTheirRulesInTheOrderInWhichTheyAreWritten) {
  const Directory directory;
  const std::string file = directory.write("portero.json", R"({
    "client_id": "Iv1.abc", "client_secret_file": "secret", "session_keys_file": "keys.json",
    "origins": {"https://docs.example": {"redirect_uri": "https://docs.example/gate.html"},
                "https://page.example": {"redirect_uri": "https://page.example/"}},
    "policies": {
      "staff": {"origin": "https://docs.example", "max_age": "30m", "allow": {
        "push": ["acme/site"], "organizations": ["acme", "Umbrella"], "teams": ["acme/writers"],
        "users": [583231, 9007199254740991]}},
      "readers": {"origin": "https://docs.example", "allow": "signed-in"},
      "also-staff": {"origin": "https://docs.example", "allow": {"organizations": ["ACME", "zeta"]}}
    }
  })");
  const ReadSettings read = read_settings({.file = file, .environment = {}, .flags = {}});
  EXPECT_EQ(joined(read.findings.mistakes), "");
  const std::vector<Policy>& policies = read.settings.policies;
  ASSERT_EQ(policies.size(), 3U);
  EXPECT_EQ(policies[0].name, "also-staff");
  EXPECT_EQ(policies[1].name, "readers");
  EXPECT_TRUE(policies[1].is_for_all);
  const Policy& staff = policies[2];
  EXPECT_EQ(staff.name, "staff");
  EXPECT_EQ(staff.origin, "https://docs.example");
  EXPECT_EQ(read.settings.sites.at(staff.site).origin, "https://docs.example");
  EXPECT_EQ(staff.users, (std::vector<std::int64_t>{583231, 9007199254740991}));
  ASSERT_EQ(staff.rules.size(), 4U);
  EXPECT_EQ(group_of(staff.rules[0]), "acme");
  EXPECT_EQ(group_of(staff.rules[1]), "Umbrella");
  EXPECT_EQ(group_of(staff.rules[2]), "acme:writers");
  EXPECT_EQ(group_of(staff.rules[3]), "acme/site");
  EXPECT_EQ(staff.max_age, std::chrono::minutes(30));
  // What sign-ins of each page ask.
  ASSERT_EQ(read.settings.sites.size(), 2U);
  ASSERT_EQ(read.settings.sites[0].rules.size(), 5U);
  EXPECT_EQ(read.settings.sites[0].rules[0].name, "acme");
  EXPECT_EQ(read.settings.sites[0].rules[4].name, "zeta");
  EXPECT_EQ(read.settings.sites[1].rules.size(), 0U);
}

TEST(Policies, LastTwelveHoursWhereGithubIsAskedAndElseAsLongAsTheSession) {
  EXPECT_EQ(read_staff(R"("allow": "signed-in")").settings.policies.at(0).max_age.count(), 0);
  EXPECT_EQ(read_staff(R"("allow": {"users": [1]})").settings.policies.at(0).max_age.count(), 0);
  EXPECT_EQ(read_staff(R"("allow": {"push": ["a/b"]})").settings.policies.at(0).max_age,
            std::chrono::hours(12));
}

TEST(Policies, OneWrongObjectGetsOneCompleteList) {
  const ReadSettings read = read_policies_json(R"({
    "a b": {"origin": "https://page.example", "allow": "signed-in"},
    "none": {},
    "text": "signed-in",
    "elsewhere": {"origin": "https://pages.example", "allow": "signed-in"},
    "shapes": {"origin": 1, "allow": {"organizations": "acme", "teams": [1], "users": ["mona"], "push": [["a"]]}},
    "empty": {"origin": "https://page.example", "allow": {}},
    "lists": {"origin": "https://page.example", "allow": {"organizations": [], "users": []}},
    "word": {"origin": "https://page.example", "allow": "everybody"},
    "keys": {"orgin": "https://page.example", "alow": "signed-in", "max-age": "1h", "colour": 1},
    "inner": {"origin": "https://page.example", "allow": {"team": ["acme/writers"]}},
    "names": {"origin": "https://page.example", "allow": {
      "organizations": ["acme", "@acme", "acme/writers"], "teams": ["writers", "acme/a/b", "acme/tech.writers"],
      "users": [0, 9007199254740992, -1], "push": ["site", "acme/..", "acme/s%20"]}},
    "ages": {"origin": "https://page.example", "allow": "signed-in", "max_age": "9m"},
    "year": {"origin": "https://page.example", "allow": "signed-in", "max_age": "365d"},
    "twice": {"origin": "https://page.example", "allow": "signed-in", "allow": "signed-in"}
  })");
  const std::vector<std::string> begins = {
      "policies[a b]: is not a name of a policy; ",
      "policies[none].origin: is missing; write one of `origins`",
      "policies[none].allow: is missing; write \"signed-in\", or {",
      "policies[text]: is not an object; ",
      "policies[elsewhere].origin: is no page of `origins` (did you mean "
      "`https://page.example`?); ",
      "policies[shapes].origin: is not text; ",
      "policies[shapes].allow.organizations: is not a list of names; ",
      "policies[shapes].allow.teams: is not a list of names; ",
      "policies[shapes].allow.users: is not a list of user ids; ",
      "policies[shapes].allow.push: is not a list of names; ",
      "policies[empty].allow: lets nobody in; ",
      "policies[lists].allow.organizations: is empty, so it lets nobody in; remove it, or write "
      "it ",
      "policies[lists].allow.users: is empty, so it lets nobody in; ",
      "policies[word].allow: is neither of two things; ",
      "policies[keys].orgin: is not a setting of a policy (did you mean `origin`?); ",
      "policies[keys].alow: is not a setting of a policy (did you mean `allow`?); ",
      "policies[keys].max-age: is not a setting of a policy (did you mean `max_age`?); ",
      "policies[keys].colour: is not a setting of a policy; ",
      "policies[inner].allow.team: is not a setting of a policy (did you mean `teams`?); ",
      "policies[names].allow.organizations: has no organization's name as entry 2; ",
      "policies[names].allow.organizations: has no organization's name as entry 3; ",
      "policies[names].allow.teams: has no team's name as entry 1; ",
      "policies[names].allow.teams: has no team's name as entry 2; ",
      "policies[names].allow.teams: has no team's name as entry 3; ",
      "policies[names].allow.users: has no user id as entry 1; ",
      "policies[names].allow.users: has no user id as entry 2; ",
      "policies[names].allow.users: has no user id as entry 3; ",
      "policies[names].allow.push: has no repository's name as entry 1; ",
      "policies[names].allow.push: has no repository's name as entry 2; ",
      "policies[names].allow.push: has no repository's name as entry 3; ",
      "policies[ages].max_age: is not a duration in its range; write one from 10m to 90d",
      "policies[year].max_age: is not a duration in its range; ",
      "policies[twice].allow: is written twice, at line ",
  };
  for (const std::string& begin : begins) {
    EXPECT_TRUE(has(read.findings.mistakes, begin)) << begin;
  }
  EXPECT_EQ(read.findings.mistakes.size(), begins.size()) << joined(read.findings.mistakes);
}

TEST(Policies, AreAnObject) {
  EXPECT_TRUE(has(read_policies_json("[]").findings.mistakes, "policies: is not an object; "));
  EXPECT_TRUE(has(read_policies_json("{").findings.mistakes, "PORTERO_POLICIES: "));
}

TEST(Policies, OfTheEnvironmentReplaceThoseOfTheFile) {
  const Directory directory;
  const std::string file = directory.write("portero.json", R"({"policies": {
    "old": {"origin": "https://page.example", "allow": "signed-in"}}})");
  Environment environment = make_environment(directory);
  environment["PORTERO_POLICIES"] =
      R"({"new": {"origin": "https://page.example", "allow": "signed-in"}})";
  const ReadSettings read = read_settings({.file = file, .environment = environment, .flags = {}});
  EXPECT_EQ(joined(read.findings.mistakes), "");
  ASSERT_EQ(read.settings.policies.size(), 1U);
  EXPECT_EQ(read.settings.policies[0].name, "new");
}

TEST(Policies, NameAtMostSixtyFourRulesForAnOrigin) {
  std::string names;
  for (int i = 0; i < 64; ++i) names += "\"acme-" + std::to_string(i) + "\", ";
  const auto read = [&](const std::string& last) {
    return read_staff(R"("allow": {"organizations": [)" + names + last + "]}").findings.mistakes;
  };
  EXPECT_EQ(joined(read("\"ACME-0\"")), "");
  EXPECT_TRUE(has(read("\"acme-64\""),
                  "policies: name 65 organizations, teams and repositories for "
                  "https://page.example, and a sign-in asks for 64 at most; "));
}

TEST(Policies, WarnOfSessionsThatEndByDisuse) {
  const std::string policies =
      R"({"staff": {"origin": "https://page.example", "allow": "signed-in"}})";
  const ReadSettings read =
      read_with({{"PORTERO_POLICIES", policies}, {"PORTERO_SESSION_IDLE", "1h"}});
  EXPECT_EQ(joined(read.findings.mistakes), "");
  EXPECT_TRUE(has(read.findings.warnings, "session.idle: ends the sessions of visitors who open"));
  EXPECT_EQ(joined(read_policies_json(policies).findings.warnings), "");
  EXPECT_EQ(joined(read_with({{"PORTERO_SESSION_IDLE", "1h"}}).findings.warnings), "");
}

}  // namespace
}  // namespace portero
