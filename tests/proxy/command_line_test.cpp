#include "proxy/command_line.h"

#include <gtest/gtest.h>

#include <vector>

#include "proxy/version.h"

namespace portero {
namespace {

CommandLine read(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "portero");
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  return read_command_line(static_cast<int>(argv.size() - 1), argv.data());
}

TEST(CommandLine, ServesByDefault) {
  EXPECT_EQ(read({}).program, Program::kServe);
  EXPECT_EQ(read({"serve"}).program, Program::kServe);
  EXPECT_FALSE(read({}).exit.has_value());
}

TEST(CommandLine, KnowsThreePrograms) {
  EXPECT_TRUE(read({"check", "--offline"}).offline);
  EXPECT_EQ(read({"check"}).program, Program::kCheck);
  const CommandLine keygen = read({"keygen", "--rotate", "keys.json"});
  EXPECT_EQ(keygen.program, Program::kKeygen);
  EXPECT_TRUE(keygen.rotate);
  EXPECT_EQ(keygen.keys_file, "keys.json");
}

TEST(CommandLine, TakesSettingsBeforeAndAfterTheProgram) {
  const CommandLineValues expected = {{"listen", "127.0.0.1:1"}};
  EXPECT_EQ(read({"--listen", "127.0.0.1:1", "serve"}).flags, expected);
  EXPECT_EQ(read({"serve", "--listen", "127.0.0.1:1"}).flags, expected);
  EXPECT_EQ(read({"--settings", "a.json"}).settings_file, "a.json");
}

TEST(CommandLine, RefusesWhatItDoesNotKnowAndNeverTakesASecret) {
  for (const std::vector<std::string>& wrong :
       std::vector<std::vector<std::string>>{{"--client-secret", "x"},
                                             {"--lissten", "x"},
                                             {"sing"},
                                             {"serve", "check"},
                                             {"keygen", "--rotate", "--if-missing"},
                                             {"--listen"}}) {
    const CommandLine line = read(wrong);
    ASSERT_TRUE(line.exit.has_value()) << wrong.front();
    EXPECT_NE(*line.exit, 0) << wrong.front();
  }
}

TEST(CommandLine, NamesAnUnknownFlagAndRepeatsNoValue) {
  for (const std::vector<std::string>& wrong :
       std::vector<std::vector<std::string>>{{"--client-secret=canary"},
                                             {"--client-secret", "canary"},
                                             {"serve", "--client-secret", "canary"}}) {
    testing::internal::CaptureStderr();
    const CommandLine line = read(wrong);
    const std::string said = testing::internal::GetCapturedStderr();
    EXPECT_TRUE(line.exit.has_value());
    EXPECT_NE(said.find("--client-secret"), std::string::npos) << said;
    EXPECT_EQ(said.find("canary"), std::string::npos) << said;
  }
}

TEST(CommandLine, HelpIsNoMistake) { EXPECT_EQ(read({"--help"}).exit, 0); }

TEST(CommandLine, PrintsItsVersionAndNothingElse) {
  for (const std::vector<std::string>& asked :
       std::vector<std::vector<std::string>>{{"--version"}, {"check", "--version"}}) {
    testing::internal::CaptureStdout();
    const CommandLine line = read(asked);
    EXPECT_EQ(testing::internal::GetCapturedStdout(), "portero " + std::string(version()) + "\n");
    EXPECT_EQ(line.exit, 0);
  }
}

}  // namespace
}  // namespace portero
