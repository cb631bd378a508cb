// Which file a path among the settings means. One in the settings file counts from that file's
// folder, one in the environment or on the command line from the working directory, as in a shell.
#pragma once

#include <string_view>

#include "proxy/settings/raw_settings.h"

namespace portero {

/// Makes the relative paths that were read from `file` count from its folder. REQUIRES: nothing was
/// read from the environment or the command line yet.
void place_paths(std::string_view file, RawSettings& raw);

/// Takes out, and reports, paths that begin with `~`, and those of `file` that name nothing from
/// its folder but something from the working directory, where they counted from up to 0.1.0.
void refuse_misplaced_paths(std::string_view file, RawSettings& raw, Findings& findings);

}  // namespace portero
