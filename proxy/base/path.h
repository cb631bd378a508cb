// Resolves names and links. A rule about a directory then covers every name of a file in it.
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
