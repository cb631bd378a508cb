// The files that the settings name.
#pragma once

#include "proxy/check/input.h"
#include "proxy/check/report.h"

namespace portero {

/// Checks the key file and the files of static_dir.
void check_files(const CheckInput& input, Report& report);

}  // namespace portero
