// Opens what lies below a folder, by its real path: no link is followed, so nothing that is put in
// its way meanwhile leads elsewhere. openat2 (Linux 5.6) does it in one call; where a system has it
// not, or a sandbox denies it, the path is opened a part at a time to the same end.
#pragma once

#include <string>

#include "proxy/base/descriptor.h"

namespace portero {

/// Opens `path`, relative to the folder `root`, with `flags` and O_CLOEXEC. It is not open, and
/// errno says why, when a part of the path is a link (ELOOP, or ENOTDIR on the way) or `..`.
[[nodiscard]] Descriptor open_beneath(int root, const std::string& path, int flags);

}  // namespace portero
