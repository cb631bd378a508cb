// Requests that two programs could understand differently (tests/vectors/smuggling.txt): the gate
// gives each exactly one answer and closes, so nothing behind it is ever taken for a request.
#include <gtest/gtest.h>

#include <fstream>
#include <vector>

#include "proxy/gate/request_reader.h"
#include "tests/proxy/gate/loopback.h"

namespace portero {
namespace {

struct Attack {
  std::string status;
  std::string bytes;
  std::string line;
};

std::string unescape(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '~') {
      std::size_t digits = 0;
      bytes.append(std::stoul(text.substr(i + 1), &digits), 'x');
      i += digits;
    } else if (text[i] != '\\') {
      bytes += text[i];
    } else if (text[++i] == 'x') {
      bytes += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      bytes += text[i] == 'r' ? '\r' : text[i] == 'n' ? '\n' : text[i] == 't' ? '\t' : '\0';
    }
  }
  return bytes;
}

std::vector<Attack> read_attacks() {
  std::ifstream file(PORTERO_SOURCE_DIR "/tests/vectors/smuggling.txt");
  std::vector<Attack> attacks;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && line[0] != '#') {
      attacks.push_back({line.substr(0, 3), unescape(line.substr(4)), line});
    }
  }
  return attacks;
}

constexpr std::string_view kInnocent = "GET /innocent HTTP/1.1\r\nHost: p\r\n\r\n";

TEST(Smuggling, GetsOneRefusalAndAClosedConnection) {
  const RunningGate gate(echo_target);
  const std::vector<Attack> attacks = read_attacks();
  EXPECT_GE(attacks.size(), 40U);
  for (const Attack& attack : attacks) {
    RawClient client(gate.port());
    client.send(attack.bytes + std::string(kInnocent));
    client.end_sending();
    const std::string answers = client.read_all();
    EXPECT_TRUE(answers.starts_with("HTTP/1.1 " + attack.status + " ")) << attack.line << answers;
    EXPECT_EQ(count(answers, "HTTP/1.1 "), 1) << attack.line;
    EXPECT_TRUE(has(answers, "Connection: close\r\n")) << attack.line;
    EXPECT_FALSE(has(answers, "Set-Cookie")) << attack.line;
  }
}

TEST(Smuggling, TellsTheSameWhenBytesComeOneByOne) {
  const Limits limits;
  for (const Attack& attack : read_attacks()) {
    RequestReader reader(limits);
    for (const char c : attack.bytes + std::string(kInnocent)) {
      if (reader.state() == RequestReader::State::kRefused) break;
      ASSERT_NE(reader.state(), RequestReader::State::kComplete) << attack.line;
      reader.feed(std::string_view(&c, 1));
    }
    ASSERT_EQ(reader.state(), RequestReader::State::kRefused) << attack.line;
    EXPECT_EQ(std::to_string(http_status(reader.error())), attack.status) << attack.line;
  }
}

}  // namespace
}  // namespace portero
