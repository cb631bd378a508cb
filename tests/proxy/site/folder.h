// A folder of files for visitors, of a test's own, and what is read of it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "proxy/site/read_files.h"

namespace portero {

class Folder : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = "/tmp/portero-files-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    root_ = std::filesystem::path(name);
    site_ = root_ / "site";
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  /// Writes a file of the site, and the folders that it lies in.
  void put(const std::string& name, const std::string& text = "x") const {
    const std::filesystem::path path = site_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  /// Makes a link of the site that leads to `to`, as written.
  void link(const std::string& name, const std::filesystem::path& to) const {
    const std::filesystem::path path = site_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::filesystem::create_symlink(to, path);
  }

  /// The files; after a refusal none, and `why_` is its text. `left_out_` is a line a kind.
  FileMap read(const std::vector<std::string>& forbidden = {}) {
    left_out_.clear();
    Settings settings;
    settings.static_dir = site_.string();
    settings.public_url = public_url_;
    Result<ReadFiles, Problem> folder = read_files(settings, forbidden);
    why_ = folder ? "" : folder.error().text();
    if (!folder) return {};
    for (const Problem& kind : folder->left_out) left_out_.push_back(kind.text());
    return std::move(folder->files);
  }
  /// The request paths of what is read, in order, with a blank between.
  std::string paths() {
    std::string all;
    for (const auto& [path, file] : read()) all += (all.empty() ? "" : " ") + path;
    return all;
  }
  /// Whether a line of what was left out holds all of these.
  [[nodiscard]] bool says(const std::vector<std::string>& parts) const {
    return std::any_of(left_out_.begin(), left_out_.end(), [&](const std::string& line) {
      return std::all_of(parts.begin(), parts.end(), [&](const std::string& part) {
        return line.find(part) != std::string::npos;
      });
    });
  }
  [[nodiscard]] std::string all_left_out() const {
    std::string all;
    for (const std::string& line : left_out_) all += line + "\n";
    return all;
  }

  std::filesystem::path root_;
  std::filesystem::path site_;
  std::string public_url_;
  std::string why_;
  std::vector<std::string> left_out_;
};

}  // namespace portero
