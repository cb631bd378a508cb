// Files that an operator keeps secrets in, read whole, and who else may read them. The one place
// that judges permissions: the client secret, the key file, `portero check` and a reload agree.
#pragma once

#include <cstddef>
#include <string>

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

/// Likewise, with who may read it. The platform sets the permissions of what lies below
/// `credentials_directory` (systemd's $CREDENTIALS_DIRECTORY; empty: none) and /run/secrets,
/// however the file or the directory is named: by a relative path, through a link. A link there
/// that leads elsewhere is judged where it leads.
[[nodiscard]] Result<PrivateFile, Problem> read_private_file(
    const std::string& path, std::size_t most, const std::string& credentials_directory);

/// "KEY: others may read PATH; run: chmod 600 PATH".
[[nodiscard]] Problem make_open_file_problem(const std::string& key, const std::string& path);

}  // namespace portero
