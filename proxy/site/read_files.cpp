#include "proxy/site/read_files.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "proxy/base/path.h"
#include "proxy/site/folder_reader.h"

namespace portero {
namespace {

namespace fs = std::filesystem;

Problem refuse(const std::string& directory, std::string_view wrong, std::string_view fix) {
  return {"static_dir", directory + " " + std::string(wrong), std::string(fix)};
}

/// A file that visitors must not get, against the directory they get.
Result<Done, Problem> check_apart(const std::string& file, const std::string& directory,
                                  const fs::path& root) {
  const std::optional<fs::path> real = resolve_path(file);
  if (!real) {
    return refuse(directory, "may hold " + file + ", which cannot be resolved",
                  "use a path that this user can follow");
  }
  if (!lies_below(*real, root)) return Done{};
  return refuse(directory, "holds " + file + ", which is not for visitors",
                "keep the page's files in a directory of their own");
}

}  // namespace

Result<ReadFiles, Problem> read_files(const Settings& settings,
                                      const std::vector<std::string>& forbidden) {
  const std::string& directory = settings.static_dir;
  std::error_code failed;
  const fs::path root = fs::canonical(directory, failed);
  if (failed || !fs::is_directory(root, failed)) {
    return refuse(directory, "is not a directory", "build the site, or correct the setting");
  }
  if (std::find(root.begin(), root.end(), ".git") != root.end()) {
    return refuse(directory, "lies in a .git", "name the built site (build/site)");
  }
  for (const std::string& file : forbidden) {
    if (file.empty()) continue;
    const Result<Done, Problem> apart = check_apart(file, directory, root);
    if (!apart) return apart.error();
  }
  FolderReader reader(root, settings);
  const Result<Done, Problem> read = reader.read();
  if (!read) return read.error();
  return ReadFiles{.files = reader.take_files(), .left_out = reader.left_out()};
}

}  // namespace portero
