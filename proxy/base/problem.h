// What an operator has to put right: what it is about, what is wrong with it, what to do. Every
// mistake and warning of the program's own start, reload, check and keygen is one of these. None
// ever holds a secret.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace portero {

struct Problem {
  std::string key;    // a setting ("limits.body"), an environment variable or a file
  std::string wrong;  // "is not a number in its range"
  std::string fix;    // "write a number from 1 to 100"; may be empty in a warning

  /// "limits.body: is not a number in its range; write a number from 1 to 100".
  [[nodiscard]] std::string text() const;
};

/// Everything found, so that an operator hears of it all at once.
struct Findings {
  std::vector<Problem> mistakes;  // any: do not start
  std::vector<Problem> warnings;

  void mistake(std::string_view key, std::string_view wrong, std::string_view fix);
  void warning(std::string_view key, std::string_view wrong, std::string_view fix);
};

}  // namespace portero
