// The lines of `portero check`.
#pragma once

#include <ostream>
#include <set>
#include <string>

#include "proxy/base/problem.h"

namespace portero {

/// Says each line once: two sites, or two policies of a page, may show the same fault.
struct Report {
  std::ostream& out;
  bool failed = false;
  std::set<std::string> said = {};

  void ok(const std::string& what) { say("ok   " + what); }
  void warn(const std::string& what) { say("warn " + what); }
  void fail(const std::string& what) {
    say("FAIL " + what);
    failed = true;
  }
  void warn(const Problem& problem) { warn(problem.text()); }
  void fail(const Problem& problem) { fail(problem.text()); }

  void say(const std::string& line) {
    if (said.insert(line).second) out << line << '\n';
  }
};

}  // namespace portero
