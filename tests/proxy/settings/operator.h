// What an operator wrote, and what was found in it: a directory with a good secret, a good
// environment, and the findings as text.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "proxy/settings/read_settings.h"

namespace portero {

inline constexpr const char* kSecretText = "not-for-any-eyes-0123456789";

/// A directory with a good settings file's surroundings; gone with the test.
class Directory {
 public:
  Directory() {
    std::string name = (std::filesystem::temp_directory_path() / "portero-XXXXXX").string();
    path_ = mkdtemp(name.data());
    write("secret", std::string(kSecretText) + "\n", 0600);
  }
  ~Directory() { std::filesystem::remove_all(path_); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  std::string write(const std::string& name, const std::string& text, mode_t mode = 0644) const {
    const std::string whole = path(name);
    std::filesystem::create_directories(std::filesystem::path(whole).parent_path());
    std::ofstream(whole, std::ios::binary) << text;
    EXPECT_EQ(chmod(whole.c_str(), mode), 0);
    return whole;
  }
  [[nodiscard]] std::string path(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

/// What every setting that matters is, in the environment.
inline Environment make_environment(const Directory& directory) {
  return {{"PORTERO_CLIENT_ID", "Iv1.abc"},
          {"PORTERO_CLIENT_SECRET_FILE", directory.path("secret")},
          {"PORTERO_SESSION_KEYS_FILE", "keys.json"},
          {"PORTERO_ORIGINS", "https://page.example/app/"}};
}

inline ReadSettings read_with(const Environment& more) {
  const Directory directory;
  Environment environment = make_environment(directory);
  for (const auto& [name, value] : more) environment[name] = value;
  return read_settings({.file = std::nullopt, .environment = environment, .flags = {}});
}

inline std::string joined(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) text += problem.text() + "\n";
  return text;
}

inline bool has(const std::vector<Problem>& problems, const std::string& begin) {
  return std::any_of(problems.begin(), problems.end(),
                     [&](const Problem& problem) { return problem.text().starts_with(begin); });
}

/// How many of the problems speak of `what`.
inline std::ptrdiff_t count_of(const std::vector<Problem>& problems, const std::string& what) {
  return std::count_if(problems.begin(), problems.end(), [&](const Problem& problem) {
    return problem.text().find(what) != std::string::npos;
  });
}

}  // namespace portero
