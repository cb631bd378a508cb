#include "proxy/base/path.h"

#include <algorithm>
#include <system_error>

namespace portero {

namespace fs = std::filesystem;

std::optional<fs::path> resolve_path(const fs::path& path) {
  std::error_code failed;
  const fs::path whole = fs::absolute(path, failed);
  if (failed) return std::nullopt;
  fs::path resolved = fs::weakly_canonical(whole, failed);
  if (failed) return std::nullopt;
  return resolved;
}

bool lies_below(const fs::path& path, const fs::path& directory) {
  const auto [at, end] =
      std::mismatch(directory.begin(), directory.end(), path.begin(), path.end());
  return at == directory.end();
}

}  // namespace portero
