#include "proxy/site/beneath.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <string_view>

#include "proxy/base/text.h"

namespace portero {
namespace {

/// RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS, by hand: each part is opened in the folder before it,
/// which cannot be turned into another meanwhile.
Descriptor open_by_parts(int root, std::string_view path, int flags) {
  constexpr int kFolder = O_PATH | O_DIRECTORY;
  Descriptor folder;
  while (!path.empty()) {
    const std::string part(take_part(path, '/'));
    if (part.empty() || part == "..") {
      errno = EXDEV;
      return {};
    }
    const int from = folder.is_open() ? folder.get() : root;
    const int how = (path.empty() ? flags : kFolder) | O_NOFOLLOW | O_CLOEXEC;
    Descriptor next(::openat(from, part.c_str(), how));
    if (!next.is_open() || path.empty()) return next;
    folder = std::move(next);
  }
  errno = ENOENT;
  return {};
}

}  // namespace

Descriptor open_beneath(int root, const std::string& path, int flags) {
  const open_how how{.flags = static_cast<std::uint64_t>(flags) | O_CLOEXEC,
                     .mode = 0,
                     .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
  Descriptor opened(static_cast<int>(::syscall(SYS_openat2, root, path.c_str(), &how, sizeof how)));
  if (opened.is_open() || (errno != ENOSYS && errno != EPERM)) return opened;
  return open_by_parts(root, path, flags);
}

}  // namespace portero
