#include "proxy/site/files.h"

#include <filesystem>
#include <string>

#include "proxy/check/report.h"
#include "proxy/session/key_file.h"
#include "proxy/settings/secret_file.h"

namespace portero {
namespace {

constexpr std::int64_t kOldKey = std::int64_t{90} * 24 * 60 * 60;

void check_keys(const CheckInput& input, Report& report) {
  const std::string& path = input.read.settings.session_keys_file;
  if (path.empty()) return;  // its absence is a mistake of the settings already
  std::string why;
  const std::optional<KeyRing> keys = read_key_file(path, input.credentials_directory, why);
  if (!keys) return report.fail("session_keys_file: " + why);
  if (!has_private_rights(path)) report.warn("session_keys_file: " + describe_loose_rights(path));
  const SealingKey* key = keys->sealing_key(input.now);
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
  std::string why;
  const FileMap files = read_files(directory, forbidden, why);
  if (!why.empty()) return report.fail(why);
  if (!files.contains("/")) {
    return report.warn("static_dir: has no index.html; point it at the built site");
  }
  report.ok("static_dir: " + directory + ", " + std::to_string(files.size()) + " addresses");
}

}  // namespace

void check_files(const CheckInput& input, Report& report) {
  check_keys(input, report);
  check_static_dir(input.read, report);
}

}  // namespace portero
