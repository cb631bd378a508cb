#include "proxy/check/files.h"

#include <filesystem>
#include <string>

#include "proxy/session/key_file.h"
#include "proxy/site/read_files.h"

namespace portero {
namespace {

constexpr std::int64_t kOldKey = std::int64_t{90} * 24 * 60 * 60;  // seconds

void check_keys(const CheckInput& input, Report& report) {
  const std::string& path = input.read.settings.session_keys_file;
  if (path.empty()) return;  // its absence is a mistake of the settings already
  const Result<LoadedKeys, Problem> file = read_key_file(path, input.credentials_directory);
  if (!file) return report.fail("session_keys_file: " + file.error().text());
  if (file->access != Access::kPrivate) {
    report.warn(make_open_file_problem("session_keys_file", path));
  }
  const SealingKey* key = file->ring.sealing_key(input.now);
  if (key == nullptr) {
    report.fail(
        "session_keys_file: no key seals yet; wait ten minutes, set the clock, or make a new file");
  } else if (input.now - key->seal_from > kOldKey) {
    report.warn("session_keys_file: the key is older than 90 days; run: portero keygen --rotate");
  } else {
    report.ok("session_keys_file: " + path);
  }
}

void check_static_dir(const ReadSettings& read, Report& report) {
  const std::string& directory = read.settings.static_dir;
  std::error_code ignored;
  if (directory.empty() || !std::filesystem::is_directory(directory, ignored)) return;
  std::vector<std::string> forbidden = read.secret_files;
  forbidden.push_back(read.settings.session_keys_file);
  forbidden.push_back(read.file);
  const Result<ReadFiles, Problem> folder = read_files(read.settings, forbidden);
  if (!folder) return report.fail(folder.error());
  for (const Problem& kind : folder->left_out) report.warn(kind);
  if (!folder->files.contains("/")) {
    return report.warn("static_dir: has no index.html; point it at the built site");
  }
  report.ok("static_dir: " + directory + ", " + std::to_string(folder->files.size()) +
            " addresses");
}

}  // namespace

void check_files(const CheckInput& input, Report& report) {
  check_keys(input, report);
  check_static_dir(input.read, report);
}

}  // namespace portero
