// Where a file really is: relative names and links resolved, so that a rule about a directory holds
// however a file below it is named.
#pragma once

#include <filesystem>
#include <optional>

namespace portero {

/// The absolute path without links, `.` and `..`; what is not there yet is kept as it is named.
/// nullopt: this user may not follow the path.
[[nodiscard]] std::optional<std::filesystem::path> resolve_path(const std::filesystem::path& path);

/// Whether `path` is `directory` or lies below it. REQUIRES: both are resolved.
[[nodiscard]] bool lies_below(const std::filesystem::path& path,
                              const std::filesystem::path& directory);

}  // namespace portero
