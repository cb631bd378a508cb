// Walks a folder and reads its files, following links that stay in it. What lies on a path is
// opened below the folder by its real path (beneath.h), looked at by that descriptor and read from
// it, so nothing that changes meanwhile lets anything else in. Blocks on files.
#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "proxy/base/descriptor.h"
#include "proxy/base/problem.h"
#include "proxy/settings/settings.h"
#include "proxy/site/files.h"
#include "proxy/site/left_out.h"
#include "wasm/result.h"

namespace portero {

class FolderReader {
 public:
  /// REQUIRES: `root` has no links in it (std::filesystem::canonical). Of the settings it uses
  /// github.url and limits.target.
  FolderReader(std::filesystem::path root, const Settings& settings);

  /// Reads everything, once. A Problem's key is "static_dir".
  [[nodiscard]] Result<Done, Problem> read();

  /// REQUIRES: read() has succeeded.
  [[nodiscard]] FileMap take_files() { return std::move(files_); }
  [[nodiscard]] std::vector<Problem> left_out() const { return left_out_.problems(); }

 private:
  /// A folder on the way: as it is, and as it was come to.
  struct Place {
    std::string real;                // below the root, without links; "." is the root
    std::string name;                // below the root, as named: "" or "web/"
    std::string address;             // "/" or "/web/"
    bool is_well_known = false;      // in a `.well-known`
    int depth = 0;                   // folders above it
    std::vector<std::string> names;  // what it holds, sorted
  };
  /// What a name leads to.
  struct Target {
    std::string real;  // below the root, without links
    mode_t mode = 0;
  };
  using Found =
      Result<std::optional<Target>, Problem>;  // nullopt: nothing to read; it is noted why

  Result<Done, Problem> read_folder(Place place);
  Result<std::vector<std::string>, Problem> list(Descriptor folder, const std::string& name) const;
  Result<Done, Problem> read_entry(const Place& place, const std::string& name);
  Result<Done, Problem> enter(const Place& place, const std::string& name, const Target& target);
  Result<Done, Problem> read_file(const Place& place, const std::string& name,
                                  const Target& target);
  Result<Done, Problem> read_coding(const Place& place, const std::string& name,
                                    std::optional<std::string>& coding);
  Result<std::string, Problem> read_content(const Target& target, const std::string& name);
  Found find(const Place& place, const std::string& name);
  Found follow(const std::string& real, const std::string& name);
  [[nodiscard]] Problem refuse(const std::string& name, const std::string& wrong,
                               const std::string& fix) const;
  [[nodiscard]] Problem refuse_unreadable(const std::string& name) const;

  const std::filesystem::path root_;
  const std::string github_url_;
  const bool is_public_over_tls_;
  const std::size_t address_max_;
  Descriptor folder_;  // the root
  FileMap files_;
  LeftOut left_out_;
  std::vector<std::pair<dev_t, ino_t>> entered_;  // the folders on the way to where we are
  std::set<std::string> codings_;                 // names that are the compressed form of another
  std::size_t names_ = 0;
  std::size_t count_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace portero
