#include "proxy/settings/secret_file.h"

#include <algorithm>

#include "proxy/base/private_file.h"

namespace portero {
namespace {

constexpr std::size_t kSecretMax = 4096;

bool is_secret_character(char c) { return c > ' ' && c < '\x7f'; }

}  // namespace

Secret read_secret_file(const std::string& key, const std::string& path,
                        const std::string& credentials_directory, Findings& findings) {
  Result<PrivateFile, Problem> file = read_private_file(path, kSecretMax, credentials_directory);
  if (!file) {
    findings.mistakes.push_back({key, path + " " + file.error().wrong, file.error().fix});
    return {};
  }
  std::string& text = file->text;
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_secret_character)) {
    findings.mistake(key, "is empty or holds more than one secret: " + path,
                     "put the secret there and nothing else");
  }
  if (file->access != Access::kPrivate) {
    const bool is_open = file->access == Access::kOpen;
    std::vector<Problem>& problems = is_open ? findings.mistakes : findings.warnings;
    problems.push_back(make_open_file_problem(key, path));
  }
  Secret secret(text);
  wipe(text);
  return secret;
}

}  // namespace portero
