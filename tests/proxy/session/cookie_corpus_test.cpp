// Attacks on the Cookie line (tests/vectors/cookies.txt); the real program hears the same ones over
// a socket in cookie_corpus.test.mjs.
#include <gtest/gtest.h>

#include <fstream>
#include <vector>

#include "proxy/session/cookies.h"

namespace portero {
namespace {

constexpr std::string_view kCorpusName = "__Host-Http-portero-abcdefgh";
constexpr std::string_view kMine = "mine.1_-";
constexpr std::string_view kTheirs = "theirs.1_-";

struct Attack {
  std::string expected;
  std::string bytes;
  std::string line;
};

char control(char completion) {
  return completion == 'r' ? '\r' : completion == 'n' ? '\n' : completion == 't' ? '\t' : '\0';
}

/// What a line of the corpus stands for; two Cookie lines as the gate joins them.
std::string read_bytes(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '@') {
      bytes += kCorpusName;
    } else if (c == '^') {
      bytes += kMine;
    } else if (c == '&') {
      bytes += kTheirs;
    } else if (text.substr(i, 2) == "||") {
      bytes += "; ";
      ++i;
    } else if (c == '~') {
      std::size_t digits = 0;
      bytes.append(std::stoul(std::string(text.substr(i + 1)), &digits), 'x');
      i += digits;
    } else if (c != '\\') {
      bytes += c;
    } else if (text[++i] == 'x') {
      bytes += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      bytes += text[i] == '"' || text[i] == '\\' ? text[i] : control(text[i]);
    }
  }
  return bytes;
}

std::vector<Attack> read_corpus() {
  std::ifstream file(PORTERO_SOURCE_DIR "/tests/vectors/cookies.txt");
  std::vector<Attack> attacks;
  for (std::string line; std::getline(file, line);) {
    const std::size_t space = line.find(' ');
    if (line.starts_with('#') || space == std::string::npos) continue;
    attacks.push_back({.expected = line.substr(0, line.find_first_of(" !")),
                       .bytes = read_bytes(std::string_view(line).substr(space + 1)),
                       .line = line.substr(0, 120)});
  }
  return attacks;
}

TEST(CookieCorpus, IsReadAsExpectedLineByLine) {
  const std::vector<Attack> attacks = read_corpus();
  ASSERT_GE(attacks.size(), 180U);
  for (const Attack& attack : attacks) {
    const FoundCookie found = find_cookie(attack.bytes, kCorpusName);
    EXPECT_EQ(found.value.value_or(""), attack.expected == "found" ? kMine : "") << attack.line;
    EXPECT_EQ(found.doubled, attack.expected == "doubled") << attack.line;
  }
}

}  // namespace
}  // namespace portero
