#include "proxy/base/private_file.h"

#include <fcntl.h>
#include <string.h>  // explicit_bzero
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "proxy/base/descriptor.h"
#include "proxy/base/path.h"

namespace portero {
namespace {

constexpr mode_t kForbidden = 0027;

Problem make_unreadable(const std::string& path, const std::string& why) {
  return {path, "cannot be read: " + why, "name a file that this user may read"};
}

/// Reads to the end, at most text.size() bytes; the length, or -1 with errno.
ssize_t read_into(std::string& text, int fd) {
  std::size_t length = 0;
  while (length < text.size()) {
    const ssize_t got = ::read(fd, text.data() + length, text.size() - length);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    if (got == 0) break;
    length += static_cast<std::size_t>(got);
  }
  return static_cast<ssize_t>(length);
}

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(descriptor, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return ::fsync(descriptor) == 0;
}

bool is_set_by_platform(const std::string& path, const std::string& credentials_directory) {
  const auto file = resolve_path(path);
  for (const std::string& directory : {credentials_directory, std::string("/run/secrets")}) {
    if (directory.empty() || !file) continue;
    const auto above = resolve_path(directory);
    if (above && lies_below(*file, *above)) return true;
  }
  return false;
}

Result<PrivateFile, Problem> read_file(const std::string& path, std::size_t most,
                                       const std::string* credentials_directory) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status = {};
  if (!fd.is_open() || ::fstat(fd.get(), &status) != 0) {
    return make_unreadable(path, std::generic_category().message(errno));
  }
  if (!S_ISREG(status.st_mode)) return make_unreadable(path, "not a regular file");
  const Problem too_large = make_unreadable(path, "larger than " + std::to_string(most) + " bytes");
  if (static_cast<std::size_t>(status.st_size) > most) return too_large;
  PrivateFile file{.text = std::string(most + 1, '\0'), .access = Access::kPrivate};
  const ssize_t length = read_into(file.text, fd.get());
  if (length < 0) return make_unreadable(path, std::generic_category().message(errno));
  if (static_cast<std::size_t>(length) > most) {
    ::explicit_bzero(file.text.data(), file.text.size());
    return too_large;
  }
  file.text.resize(static_cast<std::size_t>(length));
  if (credentials_directory != nullptr && (status.st_mode & kForbidden) != 0) {
    const bool by_platform = is_set_by_platform(path, *credentials_directory);
    file.access = by_platform ? Access::kSetByPlatform : Access::kOpen;
  }
  return file;
}

}  // namespace

Result<std::string, Problem> read_small_file(const std::string& path, std::size_t most) {
  Result<PrivateFile, Problem> file = read_file(path, most, nullptr);
  if (!file) return file.error();
  return std::move(file->text);
}

Result<PrivateFile, Problem> read_private_file(const std::string& path, std::size_t most,
                                               const std::string& credentials_directory) {
  return read_file(path, most, &credentials_directory);
}

Result<Done, Problem> write_private_file(const std::string& path, std::string_view text,
                                         bool replace) {
  std::string draft = path + ".XXXXXX";
  const Descriptor file(::mkostemp(draft.data(), O_CLOEXEC));  // mode 0600
  bool is_written = file.is_open() && write_all(file.get(), text);
  if (is_written) {
    is_written = replace ? std::rename(draft.c_str(), path.c_str()) == 0
                         : ::link(draft.c_str(), path.c_str()) == 0;
  }
  const std::string why = std::generic_category().message(errno);
  if (file.is_open()) ::unlink(draft.c_str());  // gone already after a rename
  if (is_written) return Done{};
  return Problem{path, "cannot be written: " + why, "check the directory"};
}

Problem make_open_file_problem(const std::string& key, const std::string& path) {
  return {key, "others may read " + path, "run: chmod 600 " + path};
}

}  // namespace portero
