// Files an operator keeps secrets in.
#pragma once

#include <optional>
#include <string>

#include "proxy/settings/raw_settings.h"
#include "proxy/settings/secret.h"

namespace portero {

/// The bytes of a regular file of at most `most` bytes; nullopt when it cannot be read.
[[nodiscard]] std::optional<std::string> read_small_file(const std::string& path, std::size_t most);

/// True when `mode & 0027` is 0: nobody but the owner writes it, and only the owner's group reads.
[[nodiscard]] bool has_private_rights(const std::string& path);

/// "others may read …; run: chmod 600 …".
[[nodiscard]] std::string describe_loose_rights(const std::string& path);

/// The secret in a file, one trailing newline cut. Findings name `key`: unreadable, empty, open to
/// others (only a warning below `credentials_directory` and /run/secrets, where the platform set
/// the rights).
[[nodiscard]] Secret read_secret_file(const std::string& key, const std::string& path,
                                      const std::string& credentials_directory, Findings& findings);

}  // namespace portero
