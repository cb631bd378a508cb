#include "proxy/telemetry/log.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "proxy/base/json.h"
#include "tests/proxy/captured_stderr.h"

namespace portero {
namespace {

using std::chrono::milliseconds;

/// What somebody may send where we log it, or would like to.
const std::vector<std::string>& hostile_values() {
  static const std::vector<std::string> kAll = {
      "a\nb",
      "a\r\n2026-11-24T10:00:00.000Z info login_succeeded subject=1",
      "\x1b[2J\x1b]0;title\x07",
      "line\xe2\x80\xa8separator",
      "paragraph\xe2\x80\xa9",
      "next\xc2\x85line",
      std::string("nul\0byte", 8),
      R"(","level":"error","event":"forged)",
      R"(quote " backslash \ both \")",
      R"(ends with a backslash \)",
      "\xff\xfe invalid \xc0\xaf UTF-8 \xed\xa0\x80",
      "right-to-left \xe2\x80\xae override",
      "a=b c=d",
      "\t\v\f\x7f",
      "%0d%0a%s%n{}{0}%v",
      "",
      std::string(std::size_t{1} << 20U, 'U'),
      std::string(std::size_t{1} << 20U, '\n'),
      std::string(300, '"'),
  };
  return kAll;
}

class LogTest : public ::testing::Test {
 protected:
  ~LogTest() override { start_log({}); }
};
using Log = LogTest;

TEST_F(Log, IsOneLineOfPrintableAsciiAnEventWhateverAValueHolds) {
  for (const char* format : {"human", "json"}) {
    start_log({.level = "info", .format = format});
    for (const std::string& value : hostile_values()) {
      const CapturedStderr captured;
      log_event(Level::kInfo, "some_event", {{"request", "r"}, {"host", value}, {"last", "z"}});
      const std::string text = captured.text();
      ASSERT_FALSE(text.empty());
      EXPECT_EQ(text.find('\n'), text.size() - 1) << format << ' ' << text;
      for (const char c : text.substr(0, text.size() - 1)) {
        EXPECT_TRUE(c >= ' ' && c < '\x7f') << format << ' ' << text;
      }
      EXPECT_LE(text.size(), 700U);
    }
  }
}

TEST_F(Log, ParsesAsJsonAndEachFieldIsTheValueOrItsBeginning) {
  start_log({.level = "info", .format = "json"});
  for (const std::string& value : hostile_values()) {
    const CapturedStderr captured;
    log_event(Level::kWarning, "some_event", {{"request", "r"}, {"host", value}, {"last", "z"}});
    const Result<Json> line = read_json(captured.text(), 4096, 2);
    ASSERT_TRUE(line) << captured.text();
    EXPECT_EQ(line->size(), 6U);
    EXPECT_EQ((*line)["level"], "warning");
    EXPECT_EQ((*line)["event"], "some_event");
    EXPECT_EQ((*line)["request"], "r");
    EXPECT_EQ((*line)["last"], "z");
    // Bytes become the code points of the same number: two bytes of UTF-8 from 0x80 on.
    const std::string read = (*line)["host"];
    std::string bytes;
    for (std::size_t i = 0; i < read.size(); ++i) {
      unsigned byte = static_cast<unsigned char>(read[i]);
      if (byte >= 0x80) byte = ((byte & 3U) << 6U) | (static_cast<unsigned>(read.at(++i)) & 0x3fU);
      bytes += static_cast<char>(byte);
    }
    EXPECT_TRUE(value.starts_with(bytes)) << captured.text();
    EXPECT_GE(bytes.size(), std::min<std::size_t>(value.size(), 84));
  }
}

TEST_F(Log, StampsALineWithTheUtcTime) {
  start_log({.level = "info", .format = "human"});
  const CapturedStderr captured;
  log_event(Level::kError, "some_event", {{"why", "a b"}});
  const std::string text = captured.text();
  ASSERT_EQ(text.size(),
            std::string("2026-11-24T10:00:00.000Z error some_event why=\"a b\"\n").size());
  EXPECT_EQ(text[10], 'T');
  EXPECT_EQ(text.substr(23), "Z error some_event why=\"a b\"\n");
}

TEST_F(Log, WritesNothingBelowItsLevel) {
  start_log({.level = "warning", .format = "human"});
  const CapturedStderr captured;
  log_event(Level::kInfo, "quiet");
  log_event(Level::kDebug, "quiet");
  log_event(Level::kWarning, "loud");
  EXPECT_EQ(captured.lines().size(), 1U);
}

TEST_F(Log, MixesNoTwoFormatsWhileTheyChange) {
  const CapturedStderr captured;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([] {
      for (int n = 0; n < 300; ++n) log_event(Level::kInfo, "some_event", {{"n", "1"}});
    });
  }
  for (int n = 0; n < 300; ++n) {
    start_log({.level = "info", .format = n % 2 == 0 ? "json" : "human"});
  }
  for (std::thread& thread : threads) thread.join();
  const std::vector<std::string> lines = captured.lines();
  EXPECT_EQ(lines.size(), 900U);
  for (const std::string& line : lines) {
    const bool human = line.ends_with("Z info some_event n=1");
    const bool json = line.ends_with(R"(Z","level":"info","event":"some_event","n":"1"})");
    EXPECT_TRUE(human || json) << line;
  }
}

TEST_F(Log, HoldsAFloodBackAndTellsHowMuch) {
  (void)take_log_counts();
  const CapturedStderr captured;
  for (int n = 0; n < 500; ++n) log_limited(Level::kInfo, "flood", {{"reason", "one"}});
  log_limited(Level::kInfo, "flood", {{"reason", "other"}});
  // A slow machine may have needed more than a second for them: then ten more each.
  std::size_t written = captured.lines().size();
  EXPECT_GE(written, 11U);
  EXPECT_LT(written, 250U);
  const std::uint64_t held_back = take_log_counts().suppressed;
  EXPECT_GE(held_back, 250U);
  std::this_thread::sleep_for(milliseconds(1050));
  log_event(Level::kInfo, "something_else");
  std::uint64_t told = 0;
  for (const std::string& line : captured.lines()) {
    const std::size_t at = line.find("lines_suppressed of=\"flood one\" suppressed=");
    if (at != std::string::npos) told += std::stoull(line.substr(line.rfind('=') + 1));
  }
  EXPECT_EQ(told, held_back);
}

}  // namespace
}  // namespace portero
