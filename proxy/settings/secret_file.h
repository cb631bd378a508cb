// Reads the client secret from its file.
#pragma once

#include <string>

#include "proxy/base/problem.h"
#include "proxy/settings/secret.h"

namespace portero {

/// The secret in a file, without one trailing newline. Findings name `key`: the file is unreadable,
/// empty, or open to others (base/private_file.h; only a warning if the platform set the
/// permissions).
[[nodiscard]] Secret read_secret_file(const std::string& key, const std::string& path,
                                      const std::string& credentials_directory, Findings& findings);

}  // namespace portero
