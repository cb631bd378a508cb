// Reads a directory into a FileMap, once. What does not fit the list is left out, what would
// publish a secret is refused.
#pragma once

#include <string>
#include <vector>

#include "proxy/base/problem.h"
#include "proxy/site/files.h"
#include "wasm/result.h"

namespace portero {

/// Every servable file below `directory`: regular files, no links followed, names and extensions
/// from a list, at most 2,000 files and 64 MiB. `forbidden` are files that must lie neither in nor
/// below it (settings, secrets, keys), however they are named; empty names are passed over. Nor may
/// it hold or lie in a `.git`. A Problem's key is "static_dir".
[[nodiscard]] Result<FileMap, Problem> read_files(const std::string& directory,
                                                  const std::vector<std::string>& forbidden);

}  // namespace portero
