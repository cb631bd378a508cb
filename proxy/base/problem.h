// A mistake of the operator: its subject, the fault, the fix. Every mistake
// and warning at the start, a reload, check and keygen is one of these. None ever holds a secret.
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
  std::vector<Problem> mistakes;  // with any, the program does not start
  std::vector<Problem> warnings;

  void mistake(std::string_view key, std::string_view wrong, std::string_view fix);
  void warning(std::string_view key, std::string_view wrong, std::string_view fix);
};

}  // namespace portero
