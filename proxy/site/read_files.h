// Reads the folder that is for visitors, once. Leaves out what its rules do not let through, and
// says so; refuses what would publish a secret. Blocks on files. The walk is folder_reader.h.
#pragma once

#include <string>
#include <vector>

#include "proxy/base/problem.h"
#include "proxy/settings/settings.h"
#include "proxy/site/files.h"
#include "wasm/result.h"

namespace portero {

struct ReadFiles {
  FileMap files;
  std::vector<Problem> left_out;  // one a kind, with the first names and the fix (left_out.h)
};

/// Every servable file below `settings.static_dir`, under its address: at most 2,000 files and 64
/// MiB; links are followed where they stay in it. `forbidden` are files that must not lie in or
/// below it (settings, secrets, keys), however they are named; empty names are ignored. It may
/// neither hold nor lie in a `.git`. A Problem's key is "static_dir".
[[nodiscard]] Result<ReadFiles, Problem> read_files(const Settings& settings,
                                                    const std::vector<std::string>& forbidden);

}  // namespace portero
