// The client secret, from the file it is kept in.
#pragma once

#include <string>

#include "proxy/base/problem.h"
#include "proxy/settings/secret.h"

namespace portero {

/// The secret in a file, one trailing newline cut. Findings name `key`: unreadable, empty, open to
/// others (base/private_file.h; a warning only where the platform set the permissions).
[[nodiscard]] Secret read_secret_file(const std::string& key, const std::string& path,
                                      const std::string& credentials_directory, Findings& findings);

}  // namespace portero
