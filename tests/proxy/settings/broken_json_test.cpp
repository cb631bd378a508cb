// A settings file that is no JSON: the operator is told the line, the column and what stands there,
// and nothing that does not follow.
#include "tests/proxy/settings/operator.h"

namespace portero {
namespace {

struct Broken {
  std::string json;
  std::string place;  // "line 2, column 3"
  std::string what;   // what stands there
  std::string fix;
};

/// What is said of a file that holds this, and nothing else is set.
Findings read_alone(const std::string& json) {
  const Directory directory;
  const std::string file = directory.write("portero.json", json);
  return read_settings({.file = file, .environment = {}, .flags = {}}).findings;
}

void expect_named(const Broken& c) {
  const Findings findings = read_alone(c.json);
  const std::string said = joined(findings.mistakes);
  EXPECT_EQ(findings.mistakes.size(), 1U) << c.json << "\n" << said;
  for (const std::string& part : {c.place, c.what, c.fix}) {
    EXPECT_NE(said.find(part), std::string::npos) << c.json << "\nlacks: " << part << "\n" << said;
  }
}

TEST(BrokenJson, IsNamedByLineColumnWhatStandsThereAndTheFix) {
  for (const Broken& c : std::vector<Broken>{
           {"{\n  // who we are\n  \"client_id\": \"a\"}", "line 2, column 3", "a comment",
            "remove it"},
           {"{\n  \"client_id\": \"a\" /* x */\n}", "line 2, column 20", "a comment", "remove it"},
           {"# portero\n{}", "line 1, column 1", "a comment", "remove it"},
           {"{\n  \"client_id\": \"a\",\n}", "line 2, column 19", "a comma before the `}`",
            "remove it"},
           {"{\"trusted_proxies\": [\"unix\", ]}", "line 1, column 28", "a comma before the `]`",
            "remove it"},
           {"{\"client_id\": \"a\",, \"scope\": \"\"}", "line 1, column 19", "a second comma",
            "remove it"},
           {"{\n  \"client_id\": \"a\",\n  \"log\": {\"level\": \"info\"\n", "line 4, column 1",
            "ends", "`{` of line 3, column 10"},
           {"{\"client_id\": \"a", "line 1, column 15", "a text without its closing quote",
            "close it"},
           {"{\n  \"client_id\": \"a,\n  \"scope\": \"\"\n}", "line 2, column 16",
            "a text without its closing quote", "close it"},
           {"{'client_id': 'a'}", "line 1, column 2", "a quotation mark that JSON does not have",
            "write \""},
           {"{\"client_id\": \xE2\x80\x9C"
            "a\xE2\x80\x9D}",
            "line 1, column 15", "a quotation mark that JSON does not have", "write \""},
           {"{} {}", "line 1, column 4", "more after the end", "remove"},
           {"{\n  \"log\": {}\n}\n}", "line 4, column 1", "a `}` too many", "remove it"},
           {"{\n  \"client_id\": \"a\"\n  \"scope\": \"\"\n}", "line 2, column 19",
            "a comma is missing", "write"},
           {"{\"trusted_proxies\": [\"unix\" \"::1\"]}", "line 1, column 28", "a comma is missing",
            "write"},
           {"{\"client_id\" \"a\"}", "line 1, column 13", "a colon is missing", "write"},
           {"{\"client_id\"= \"a\"}", "line 1, column 13", "`=`", "write `:`"},
           {"{client_id: \"a\"}", "line 1, column 2", "a name without quotes", "double quotes"},
           {"{\"client_id\": Iv1.abc}", "line 1, column 15", "a word without quotes",
            "double quotes"},
           {"{\"github\": {\"require_issuer\": True}}", "line 1, column 31",
            "a word without quotes", "true, false"},
           {"{\"listen_mode\": 0660}", "line 1, column 17", "no number as JSON writes it",
            "quotes"},
           {"{\"limits\": {\"body\": +4096}}", "line 1, column 21", "no number as JSON writes it",
            "quotes"},
           {"{\"limits\": {\"body\": 1e999}}", "line 1, column 21", "no number as JSON writes it",
            "quotes"},
           {"{\"static_dir\": \"C:\\site\"}", "line 1, column 19", "a backslash", "\\\\"},
           {"{\"client_id\": \"\xC3\xA4\xFF\"}", "line 1, column 17", "not UTF-8", "UTF-8"},
           {"{\"client_id\": \"a\tb\"}", "line 1, column 17", "a control character", "remove it"},
           {"{\"client_id\":\xC2\xA0\"a\"}", "line 1, column 14", "a character beyond ASCII",
            "remove it"},
           {"{\"client_id\": }", "line 1, column 15", "a value is missing", "write"},
           {"{\"trusted_proxies\": [\"unix\"}", "line 1, column 28", "`}`", "`]`"},
           {"", "line 1, column 1", "is empty", "write"},
           {"\n  \n", "line 3, column 1", "is empty", "write"},
           {"\xEF\xBB\xBF{}", "line 1, column 1", "byte order mark", "remove"},
           {std::string("{\n \0}", 5), "line 2, column 2", "NUL", "remove"},
           {"{\"log\":\n [[[[[[[[[[]]]]]]]]]]}", "line 2, column 9", "too deep", "remove"},
           {"\xEF\xBF\xBD{}", "line 1, column 1", "a character beyond ASCII", "remove it"}}) {
    expect_named(c);
  }
}

TEST(BrokenJson, AKeyWrittenTwiceIsNamedWithBothItsPlaces) {
  const Findings findings = read_alone(
      "{\"scope\": \"a\",\n \"log\": {\"level\": \"info\",\n  \"level\": \"error\"},\n \"scope\": "
      "\"b\"}");
  EXPECT_TRUE(
      has(findings.mistakes,
          "log.level: is written twice, at line 2, column 10 and at line 3, column 3; keep"))
      << joined(findings.mistakes);
  EXPECT_TRUE(has(findings.mistakes,
                  "scope: is written twice, at line 1, column 2 and at line 4, column 2; keep one"))
      << joined(findings.mistakes);
}

TEST(BrokenJson, NamesAnOriginThatIsWrittenTwice) {
  const Findings findings = read_alone(
      "{\"origins\": {\"https://a.example\": {\"redirect_uri\": \"https://a.example/\"},\n"
      "\"https://a.example\": {\"scope\": \"\", \"scope\": \"\"}}}");
  EXPECT_TRUE(has(findings.mistakes, "origins[https://a.example]: is written twice, at line 1, "))
      << joined(findings.mistakes);
  EXPECT_TRUE(has(findings.mistakes, "origins[https://a.example].scope: is written twice, at line"))
      << joined(findings.mistakes);
}

TEST(BrokenJson, InTheOriginsVariableIsNamedLikewise) {
  const Findings findings =
      read_with({{"PORTERO_ORIGINS", "{\"https://a.example\": {},}"}}).findings;
  EXPECT_EQ(joined(findings.mistakes),
            "PORTERO_ORIGINS: is not valid JSON at line 1, column 25: a comma before the `}`; "
            "remove it\n");
}

TEST(BrokenJson, DoesNotHideWhatIsWrongElsewhere) {
  const Directory directory;
  const std::string file = directory.write("portero.json", "{\"client_id\": \"a\",}");
  const Findings findings =
      read_settings({.file = file,
                     .environment = {{"PORTERO_LIMITS_BODY", "much"},
                                     {"PORTERO_LISTTEN", "x"},
                                     {"PORTERO_PUBLIC_URL", "https://login.example?x"}},
                     .flags = {{"listen", "everywhere"}}})
          .findings;
  for (const char* begin : {"limits.body: ", "PORTERO_LISTTEN: ", "public_url: ", "listen: "}) {
    EXPECT_TRUE(has(findings.mistakes, begin)) << begin << "\n" << joined(findings.mistakes);
  }
  EXPECT_EQ(findings.mistakes.size(), 5U) << joined(findings.mistakes);
}

TEST(BrokenJson, AFileThatCannotBeReadOrHoldsNoObjectIsOneFault) {
  EXPECT_EQ(read_settings({.file = "/nowhere/portero.json", .environment = {}, .flags = {}})
                .findings.mistakes.size(),
            1U);
  for (const char* json : {"[]", "null", "\"client_id\"", "12"}) {
    const Findings findings = read_alone(json);
    EXPECT_EQ(findings.mistakes.size(), 1U) << json << "\n" << joined(findings.mistakes);
    EXPECT_EQ(count_of(findings.mistakes, "is not a JSON object"), 1) << json;
  }
}

TEST(BrokenJson, RepeatsNothingOfTheFileButPunctuation) {
  for (const char* json : {"{\"client_secret\": canary}", "{\"client_secret\": \"canary\n\"}",
                           "{\"client_secret\": \"canary\\x\"}", "{canary: 1}", "canary",
                           "{\"a\": 'canary'}", "{} canary", "client_secret=canary"}) {
    const Findings findings = read_alone(json);
    EXPECT_EQ(findings.mistakes.size(), 1U) << json;
    EXPECT_EQ(joined(findings.mistakes).find("canary"), std::string::npos) << json;
  }
}

}  // namespace
}  // namespace portero
