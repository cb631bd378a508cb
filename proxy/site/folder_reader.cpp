#include "proxy/site/folder_reader.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string_view>
#include <system_error>

#include "proxy/base/path.h"
#include "proxy/site/address.h"
#include "proxy/site/beneath.h"
#include "proxy/site/file_types.h"
#include "proxy/site/make_file.h"

namespace portero {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFilesMax = 2000;
constexpr std::size_t kNamesMax = 20'000;  // links can multiply folders without end
constexpr std::size_t kBytesMax = std::size_t{64} << 20U;
constexpr int kDepthMax = 16;

constexpr std::string_view kWellKnown = ".well-known";
constexpr std::string_view kRepository = ".git";
constexpr const char* kNameTheSite = "name the built site (build/site)";

std::string describe_errno() { return std::generic_category().message(errno); }

bool is_in_repository(const std::string& real) {
  const fs::path path(real);
  return std::find(path.begin(), path.end(), kRepository) != path.end();
}

/// Why no visitor gets a file, by its name; nullopt: they do.
std::optional<LeftOutReason> judge(const std::string& name, bool is_well_known) {
  if (is_private_name(name)) return LeftOutReason::kPrivate;
  if (name.ends_with(".br")) return LeftOutReason::kLoneCoding;
  if (content_type_of(name).empty() && !is_well_known) return LeftOutReason::kNoExtension;
  return std::nullopt;
}

/// Whether exactly that much could be read, to the end of the file.
bool read_whole(int fd, std::string& bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = ::read(fd, bytes.data() + done, bytes.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    done += static_cast<std::size_t>(got);
  }
  char more = 0;
  return ::read(fd, &more, 1) == 0;
}

}  // namespace

FolderReader::FolderReader(fs::path root, const Settings& settings)
    : root_(std::move(root)),
      github_url_(settings.github.url),
      is_public_over_tls_(settings.public_url.starts_with("https:")),
      address_max_(settings.limits.target),
      folder_(::open(root_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) {}

Problem FolderReader::refuse(const std::string& name, const std::string& wrong,
                             const std::string& fix) const {
  return {"static_dir", printable_name((root_ / name).string()) + " " + wrong, fix};
}

Problem FolderReader::refuse_unreadable(const std::string& name) const {
  return refuse(name, "cannot be read: " + describe_errno(), "let this user read it, or remove it");
}

Result<Done, Problem> FolderReader::read() {
  if (!folder_.is_open()) return refuse_unreadable("");
  return read_folder({.real = ".", .name = "", .address = "/", .names = {}});
}

Result<Done, Problem> FolderReader::read_folder(Place place) {
  if (place.depth > kDepthMax) return refuse(place.name, "lies too deep", "move it up");
  Descriptor folder = open_beneath(folder_.get(), place.real, O_RDONLY | O_DIRECTORY);
  struct stat about = {};
  if (!folder.is_open() || ::fstat(folder.get(), &about) != 0) return refuse_unreadable(place.name);
  const std::pair identity(about.st_dev, about.st_ino);
  if (std::find(entered_.begin(), entered_.end(), identity) != entered_.end()) {
    left_out_.add(LeftOutReason::kLoop, place.name.substr(0, place.name.size() - 1));
    return Done{};
  }
  Result<std::vector<std::string>, Problem> names = list(std::move(folder), place.name);
  if (!names) return names.error();
  place.names = std::move(*names);
  entered_.push_back(identity);
  for (const std::string& name : place.names) {
    Result<Done, Problem> read = read_entry(place, name);
    if (!read) return read;
  }
  entered_.pop_back();
  return Done{};
}

Result<std::vector<std::string>, Problem> FolderReader::list(Descriptor folder,
                                                             const std::string& name) const {
  const std::unique_ptr<DIR, int (*)(DIR*)> open(::fdopendir(folder.get()), ::closedir);
  if (open == nullptr) return refuse_unreadable(name);
  static_cast<void>(folder.release());
  std::vector<std::string> names;
  while (true) {
    errno = 0;
    const dirent* entry = ::readdir(open.get());
    if (entry == nullptr) break;
    const std::string_view entry_name = entry->d_name;
    if (entry_name != "." && entry_name != "..") names.emplace_back(entry_name);
    if (names.size() > kNamesMax) return names;  // read_entry() refuses them
  }
  if (errno != 0) return refuse_unreadable(name);
  std::sort(names.begin(), names.end());
  return names;
}

/// Kubernetes keeps what a ConfigMap holds in names that begin with two dots, so these are no news.
Result<Done, Problem> FolderReader::read_entry(const Place& place, const std::string& name) {
  const std::string whole = place.name + name;
  if (++names_ > kNamesMax) {
    return refuse(whole, "is more than the 20,000th name, as links are followed", kNameTheSite);
  }
  if (name == kRepository) {
    return refuse(whole, "is a repository's own data", "name the built site, not a checkout");
  }
  if (name.starts_with('.') && name != kWellKnown) {
    if (!name.starts_with("..")) left_out_.add(LeftOutReason::kDotName, whole);
    return Done{};
  }
  if (codings_.contains(whole)) return Done{};
  const Found target = find(place, name);
  if (!target) return target.error();
  if (!*target) return Done{};
  if (S_ISDIR((*target)->mode)) return enter(place, name, **target);
  if (S_ISREG((*target)->mode)) return read_file(place, name, **target);
  left_out_.add(LeftOutReason::kNoFile, whole);
  return Done{};
}

Result<Done, Problem> FolderReader::enter(const Place& place, const std::string& name,
                                          const Target& target) {
  const std::optional<std::string> segment = make_segment(name);
  if (!segment) {
    left_out_.add(LeftOutReason::kName, place.name + name);
    return Done{};
  }
  return read_folder({.real = target.real,
                      .name = place.name + name + "/",
                      .address = place.address + *segment + "/",
                      .is_well_known = place.is_well_known || name == kWellKnown,
                      .depth = place.depth + 1,
                      .names = {}});
}

Result<Done, Problem> FolderReader::read_file(const Place& place, const std::string& name,
                                              const Target& target) {
  const std::string whole = place.name + name;
  const std::optional<std::string> segment = make_segment(name);
  std::optional<LeftOutReason> reason = judge(name, place.is_well_known);
  if (!reason && !segment) reason = LeftOutReason::kName;
  const std::string address = place.address + segment.value_or("");
  if (!reason && address.size() > address_max_) reason = LeftOutReason::kLongAddress;
  if (reason) {
    left_out_.add(*reason, whole);
    return Done{};
  }
  if (++count_ > kFilesMax) {
    return refuse(whole, "is one more than the 2,000 files that there may be", kNameTheSite);
  }
  Result<std::string, Problem> body = read_content(target, whole);
  if (!body) return body.error();
  File file = make_file(name, std::move(*body), github_url_);
  // Over plain http Chromium ignores the header and complains in the page's console.
  file.is_isolated = is_public_over_tls_;
  Result<Done, Problem> read = read_coding(place, name + ".br", file.br);
  if (read) read = read_coding(place, name + ".gz", file.gzip);
  if (!read) return read;
  if (name == "index.html") files_[place.address] = file;
  files_[address] = std::move(file);
  return Done{};
}

Result<Done, Problem> FolderReader::read_coding(const Place& place, const std::string& name,
                                                std::optional<std::string>& coding) {
  if (!std::binary_search(place.names.begin(), place.names.end(), name)) return Done{};
  const Found target = find(place, name);
  if (!target) return target.error();
  if (*target && S_ISDIR((*target)->mode)) return Done{};
  codings_.insert(place.name + name);
  if (!*target || !S_ISREG((*target)->mode)) return Done{};
  Result<std::string, Problem> content = read_content(**target, place.name + name);
  if (!content) return content.error();
  coding = std::move(*content);
  return Done{};
}

Result<std::string, Problem> FolderReader::read_content(const Target& target,
                                                        const std::string& name) {
  const Descriptor fd = open_beneath(folder_.get(), target.real, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  struct stat about = {};
  if (!fd.is_open() || ::fstat(fd.get(), &about) != 0) return refuse_unreadable(name);
  const auto size = static_cast<std::size_t>(about.st_size);
  if (S_ISREG(about.st_mode) && size > kBytesMax - bytes_) {
    return refuse(name, "does not fit: all files together may have 64 MiB",
                  "keep large files on another host, or name the built site (build/site)");
  }
  std::string bytes(S_ISREG(about.st_mode) ? size : 0, '\0');
  if (!S_ISREG(about.st_mode) || !read_whole(fd.get(), bytes)) {
    return refuse(name, "changed while it was read", "try again when it is whole");
  }
  bytes_ += size;
  return bytes;
}

FolderReader::Found FolderReader::find(const Place& place, const std::string& name) {
  const std::string real = place.real == "." ? name : place.real + "/" + name;
  struct stat about = {};
  if (::fstatat(folder_.get(), real.c_str(), &about, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return std::optional<Target>();  // it has just gone
    return refuse_unreadable(place.name + name);
  }
  if (S_ISLNK(about.st_mode)) return follow(real, place.name + name);
  return std::optional(Target{.real = real, .mode = about.st_mode});
}

/// What a link leads to is judged by its own name, too: `config.txt -> .env` shows no secret.
FolderReader::Found FolderReader::follow(const std::string& real, const std::string& name) {
  const auto leave_out = [&](LeftOutReason reason) {
    left_out_.add(reason, name);
    return std::optional<Target>();
  };
  std::error_code failed;
  const fs::path end = fs::canonical(root_ / real, failed);
  if (failed) return leave_out(LeftOutReason::kNowhere);
  if (!lies_below(end, root_)) return leave_out(LeftOutReason::kOutside);
  Target target{.real = end.lexically_relative(root_).string()};
  if (is_in_repository(target.real)) {
    return refuse(name, "leads to a repository's own data", "name the built site, not a checkout");
  }
  struct stat about = {};
  if (::fstatat(folder_.get(), target.real.c_str(), &about, AT_SYMLINK_NOFOLLOW) != 0) {
    return leave_out(LeftOutReason::kNowhere);
  }
  target.mode = about.st_mode;
  const std::string end_name = end.filename().string();
  const bool is_private = end_name.starts_with('.') || is_private_name(end_name);
  if (S_ISREG(target.mode) && is_private) return leave_out(LeftOutReason::kPrivate);
  return std::optional(std::move(target));
}

}  // namespace portero
