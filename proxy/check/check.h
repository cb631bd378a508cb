// `portero check`: what works and what to fix, one line each, before a visitor finds out. Looks at
// settings and files, then asks GitHub (an invalid code proves id and secret; no visitor needed),
// this proxy through its public address as a browser would, and each page: its host, its HTML, its
// scripts, its policies. Prints no secret. Go next to report.h, then files.h, upstream.h, front.h,
// pages.h.
#pragma once

#include <iosfwd>

#include "proxy/check/input.h"

namespace portero {

/// Writes `ok …`, `warn …; fix` and `FAIL …; fix` lines. The exit status: 1 when something
/// failed, else 0.
[[nodiscard]] int check(const CheckInput& input, std::ostream& out);

}  // namespace portero
