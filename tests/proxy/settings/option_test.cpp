#include <gtest/gtest.h>

#include <fstream>

#include "proxy/settings/option_table.h"

namespace portero {
namespace {

/// The line of docs/settings.md that a key must have. PORTERO_PRINT_KEYS=1 prints all of them.
std::string make_row(const Option& key) {
  const std::string value = default_of(key);
  std::string row = "| `" + std::string(key.name) + "` | `" + env_name(key.name) + "` | ";
  row += key.on_command_line ? "`" + flag_name(key.name) + "`" : "";
  row += " | " + (value.empty() ? "" : "`" + value + "`") + " | " + std::string(key.meaning);
  if (!key.choices.empty()) {
    std::string choices;
    for (const char c : key.choices) choices += c == '|' ? std::string("`, `") : std::string(1, c);
    row += " One of `" + choices + "`.";
  }
  return row + " |";
}

TEST(Keys, AreDocumentedEachInOneLine) {
  std::ifstream file(PORTERO_SOURCE_DIR "/docs/settings.md");
  std::vector<std::string> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("| `") && line.find("`PORTERO_") != std::string::npos) {
      rows.push_back(line);
    }
  }
  std::vector<std::string> expected;
  for (const Option& key : all_options()) expected.push_back(make_row(key));
  if (std::getenv("PORTERO_PRINT_KEYS") != nullptr) {
    for (const std::string& row : expected) printf("%s\n", row.c_str());
  }
  EXPECT_EQ(rows, expected);
}

TEST(Keys, HaveOneNameEverywhere) {
  EXPECT_EQ(env_name("limits.header_fields"), "PORTERO_LIMITS_HEADER_FIELDS");
  EXPECT_EQ(flag_name("static_dir"), "--static-dir");
  EXPECT_EQ(flag_name("github.url"), "--github-url");
  EXPECT_NE(find_option("limits.body"), nullptr);
  EXPECT_EQ(find_option("limits.bodi"), nullptr);
}

TEST(Keys, TheNearestIsSuggestedWhenItIsNear) {
  const std::vector<std::string> names = {"listen", "scope", "session.idle"};
  EXPECT_EQ(did_you_mean("lisen", names), " (did you mean `listen`?)");
  EXPECT_EQ(did_you_mean("scop", names), " (did you mean `scope`?)");
  EXPECT_EQ(did_you_mean("session.idel", names), " (did you mean `session.idle`?)");
  EXPECT_EQ(did_you_mean("idle", names), " (did you mean `session.idle`?)");
  EXPECT_EQ(did_you_mean("session_keys", {"session_keys_file"}),
            " (did you mean `session_keys_file`?)");
  EXPECT_EQ(did_you_mean("colour", names), "");
  EXPECT_EQ(did_you_mean("", names), "");
  EXPECT_EQ(did_you_mean(std::string(100000, 'l'), names), "");
}

TEST(Keys, DurationsAreWrittenInTheirLargestUnit) {
  using std::chrono::milliseconds;
  EXPECT_EQ(write_duration(milliseconds(604800000)), "7d");
  EXPECT_EQ(write_duration(milliseconds(10000)), "10s");
  EXPECT_EQ(write_duration(milliseconds(75000)), "75s");
  EXPECT_EQ(write_duration(milliseconds(1500)), "1500ms");
  EXPECT_EQ(write_duration(milliseconds(0)), "0");
}

}  // namespace
}  // namespace portero
