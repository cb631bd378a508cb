// Every input of a corpus through its fuzz target, as an ordinary test: `fuzz_replay
// corpus/NAME.txt`. The form of that file is described in corpus.mjs, which writes it. The last
// number printed is the line that broke an invariant. Needs no libFuzzer, so any compiler runs it.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "tests/fuzz/fuzz.h"

namespace portero {
namespace {

std::map<std::string, FuzzTarget, std::less<>>& targets() {
  static std::map<std::string, FuzzTarget, std::less<>> all;
  return all;
}

/// The byte that starts a line's rest, taken off it. A line that is not of the form ends the run.
char take_byte(std::string_view& rest) {
  const auto broken = [] {
    std::printf("not a line of a corpus\n");
    std::exit(1);
  };
  const auto take = [&]() -> char {
    if (rest.empty()) broken();
    const char taken = rest.front();
    rest.remove_prefix(1);
    return taken;
  };
  const auto take_digit = [&]() -> unsigned {
    constexpr std::string_view kDigits = "0123456789abcdef";
    const std::size_t digit = kDigits.find(take());
    if (digit == std::string_view::npos) broken();
    return static_cast<unsigned>(digit);
  };
  const char first = take();
  if (first < ' ' || first > '~') broken();
  if (first != '\\') return first;
  const char letter = take();
  if (letter == '\\') return '\\';
  if (letter == 'n') return '\n';
  if (letter == 'r') return '\r';
  if (letter == 't') return '\t';
  if (letter != 'x') broken();
  const unsigned high = take_digit();
  return static_cast<char>(high * 16 + take_digit());
}

void replay(std::string_view line, FuzzTarget target) {
  std::string text;
  while (!line.empty()) text += take_byte(line);
  // On the heap and of just this size, so that the sanitizer sees a read beyond the end.
  const std::unique_ptr<std::uint8_t[]> bytes(new std::uint8_t[text.size()]);
  std::copy(text.begin(), text.end(), bytes.get());
  target(bytes.get(), text.size());
}

}  // namespace

NamedTarget::NamedTarget(const char* name, FuzzTarget target) { targets().emplace(name, target); }

/// The exit status; 1 for a corpus that is empty or missing: it proves nothing.
int replay_corpus(const char* path) {
  const auto found = targets().find(std::filesystem::path(path).stem().string());
  if (found == targets().end()) return 2;
  std::ifstream file(path, std::ios::binary);
  int number = 0;
  int inputs = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.empty() || line.front() == '#') continue;
    std::printf("line %d\n", number);
    std::fflush(stdout);
    replay(line, found->second);
    ++inputs;
  }
  std::printf("%d inputs\n", inputs);
  return inputs > 0 ? 0 : 1;
}

}  // namespace portero

int main(int argc, char** argv) { return argc == 2 ? portero::replay_corpus(argv[1]) : 2; }
