#include "proxy/settings/secret_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

namespace portero {
namespace {

constexpr std::size_t kSecretMax = 4096;
constexpr mode_t kForbiddenRights = 0027;

bool lies_below(const std::string& path, const std::string& directory) {
  if (directory.empty()) return false;
  std::error_code error;
  const auto whole = std::filesystem::weakly_canonical(path, error).string();
  const auto above = std::filesystem::weakly_canonical(directory, error).string();
  return whole.starts_with(above + "/");
}

}  // namespace

std::optional<std::string> read_small_file(const std::string& path, std::size_t most) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return std::nullopt;
  struct stat status = {};
  std::string text;
  bool good = ::fstat(file, &status) == 0 && S_ISREG(status.st_mode) &&
              static_cast<std::size_t>(status.st_size) <= most;
  if (good) {
    text.resize(most + 1);
    std::size_t length = 0;
    ssize_t got = 0;
    while (length < text.size() &&
           (got = ::read(file, text.data() + length, text.size() - length)) > 0) {
      length += static_cast<std::size_t>(got);
    }
    good = got >= 0 && length <= most;
    text.resize(std::min(length, most));
  }
  ::close(file);
  if (good) return text;
  wipe(text);
  return std::nullopt;
}

bool has_private_rights(const std::string& path) {
  struct stat status = {};
  return ::stat(path.c_str(), &status) == 0 && (status.st_mode & kForbiddenRights) == 0;
}

std::string describe_loose_rights(const std::string& path) {
  return "others may read " + path + "; run: chmod 600 " + path;
}

Secret read_secret_file(const std::string& key, const std::string& path,
                        const std::string& credentials_directory, Findings& findings) {
  std::optional<std::string> text = read_small_file(path, kSecretMax);
  if (!text) {
    findings.mistake(key, "cannot be read: " + path, "name a file that this user may read");
    return {};
  }
  if (text->ends_with('\n')) text->pop_back();
  if (text->ends_with('\r')) text->pop_back();
  const bool is_plain =
      std::all_of(text->begin(), text->end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (text->empty() || !is_plain) {
    findings.mistake(key, "is empty or holds more than one secret: " + path,
                     "put the secret there and nothing else");
  }
  if (!has_private_rights(path)) {
    const bool platform_set_them =
        lies_below(path, credentials_directory) || lies_below(path, "/run/secrets");
    std::vector<std::string>& lines = platform_set_them ? findings.warnings : findings.mistakes;
    lines.push_back(key + ": " + describe_loose_rights(path));
  }
  Secret secret(*text);
  wipe(*text);
  return secret;
}

}  // namespace portero
