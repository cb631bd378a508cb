// What of a folder no visitor gets, with the reason and the fix: a line a kind, however many files
// there are, so that a log can hold it.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "proxy/base/problem.h"

namespace portero {

enum class LeftOutReason {
  kOutside,
  kNowhere,
  kLoop,
  kDotName,
  kPrivate,
  kNoExtension,
  kName,
  kLongAddress,
  kNoFile,
  kLoneCoding,
};

class LeftOut {
 public:
  /// `path` is relative to the folder. Of each kind the first names are kept.
  void add(LeftOutReason reason, const std::string& path);

  /// A Problem for each kind there is, with how many and the first names in printable ASCII; its
  /// text() is at most 256 bytes.
  [[nodiscard]] std::vector<Problem> problems() const;

 private:
  static constexpr std::size_t kReasons = 10;
  struct Kind {
    std::size_t count = 0;
    std::string names;
  };
  std::array<Kind, kReasons> kinds_;
};

/// A name for a line of the log or a terminal: bytes that are not printable ASCII as \xNN.
[[nodiscard]] std::string printable_name(const std::string& path);

}  // namespace portero
