// Files with secrets, read and written whole, and who else may read them. Permissions are checked
// here only, so the client secret, the key file, `portero check` and a reload agree.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "proxy/base/problem.h"
#include "wasm/result.h"

namespace portero {

/// The bytes of a regular file of at most `most` bytes. A Problem names `path` and why it "cannot
/// be read"; its fix fits every file.
[[nodiscard]] Result<std::string, Problem> read_small_file(const std::string& path,
                                                           std::size_t most);

enum class Access {
  kPrivate,        // `mode & 0027` is 0: only the owner writes, only the owner's group reads
  kSetByPlatform,  // others may read it, as the platform that put it there decided
  kOpen,           // others may read it
};

struct PrivateFile {
  std::string text;  // the caller wipes it
  Access access = Access::kOpen;
};

/// The same, and who may read it. The platform sets the permissions below `credentials_directory`
/// (systemd's $CREDENTIALS_DIRECTORY; empty: none) and /run/secrets, also for a file that is named
/// by a relative path or through a link. A link out of these directories is judged by its target.
[[nodiscard]] Result<PrivateFile, Problem> read_private_file(
    const std::string& path, std::size_t most, const std::string& credentials_directory);

/// Writes a file of mode 0600, whole or not at all, through another one beside it. Without
/// `replace`, a file that is there stays, and the Problem says so.
[[nodiscard]] Result<Done, Problem> write_private_file(const std::string& path,
                                                       std::string_view text, bool replace);

/// "KEY: others may read PATH; run: chmod 600 PATH".
[[nodiscard]] Problem make_open_file_problem(const std::string& key, const std::string& path);

}  // namespace portero
