// Reads a directory into a FileMap, once. Leaves out what its list does not name; refuses what
// would publish a secret. Blocks on files.
#pragma once

#include <string>
#include <vector>

#include "proxy/base/problem.h"
#include "proxy/site/files.h"
#include "wasm/result.h"

namespace portero {

/// Every servable file below `directory`: regular files, no links followed, names and extensions
/// from a list, at most 2,000 files and 64 MiB. `forbidden` are files that must not lie in or
/// below it (settings, secrets, keys), however they are named; empty names are ignored. It may
/// neither hold nor lie in a `.git`. A Problem's key is "static_dir".
[[nodiscard]] Result<FileMap, Problem> read_files(const std::string& directory,
                                                  const std::vector<std::string>& forbidden);

}  // namespace portero
