// portero's script on a page: whether its tag is there, runs, and gets portero's own files. A page
// without the tag is a warning only: a bundle or another script may bring it.
#pragma once

#include "proxy/check/checked_page.h"
#include "proxy/check/input.h"
#include "proxy/check/report.h"

namespace portero {

/// Finds the script's tag, resolves its address as the page does, and fetches it and what it loads.
/// What it found for the policies to judge.
PageFiles check_script(const CheckInput& input, const CheckedPage& page, Report& report);

}  // namespace portero
