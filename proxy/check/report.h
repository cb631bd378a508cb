// The lines of `portero check`.
#pragma once

#include <ostream>
#include <string>

#include "proxy/base/problem.h"

namespace portero {

struct Report {
  std::ostream& out;
  bool failed = false;

  void ok(const std::string& what) const { out << "ok   " << what << '\n'; }
  void warn(const std::string& what) const { out << "warn " << what << '\n'; }
  void fail(const std::string& what) {
    out << "FAIL " << what << '\n';
    failed = true;
  }
  void warn(const Problem& problem) const { warn(problem.text()); }
  void fail(const Problem& problem) { fail(problem.text()); }
};

}  // namespace portero
