// Reads secrets from their files, and knows what people put there instead. Repeats nothing of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "proxy/base/problem.h"
#include "proxy/settings/secret.h"

namespace portero {

/// What a text is that cannot be a client secret, and what to do: a line NAME=VALUE, quotes, JSON,
/// a client id (`client_id` is the app's, or empty), and so on. The Problem names `key`; nullopt:
/// it may be a secret. A line end behind it is the caller's to cut.
[[nodiscard]] std::optional<Problem> judge_secret(std::string_view key, std::string_view text,
                                                  std::string_view client_id);

/// True for what GitHub makes as a client secret: 40 hexadecimal digits.
[[nodiscard]] bool looks_like_secret(std::string_view text);

/// The secret in a file, without one trailing newline. Findings name `key`: the file is unreadable,
/// holds no secret (judge_secret), or is open to others (base/private_file.h; only a warning if the
/// platform set the permissions).
[[nodiscard]] Secret read_secret_file(const std::string& key, const std::string& path,
                                      const std::string& credentials_directory,
                                      std::string_view client_id, Findings& findings);

/// "user:password" in a file, for a forward proxy; likewise.
[[nodiscard]] Secret read_credentials_file(const std::string& key, const std::string& path,
                                           const std::string& credentials_directory,
                                           Findings& findings);

/// Cuts one line end ("\n" or "\r\n") off a text.
void cut_line_end(std::string& text);

}  // namespace portero
