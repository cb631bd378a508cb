// The file of sealing keys: {"keys":[{"kid","k","seal_from","open_until"}]}, `k` in base64url,
// times in seconds since 1970, `open_until` absent for a key that is not retired. Written by atomic
// rename with rights 0600; refused when group may write or others may read it. Every mistake is a
// sentence with its cure; no sentence holds a key.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "proxy/session/key_ring.h"

namespace portero {

/// How long a new key waits before it seals, so that every process has read it by then.
inline constexpr std::chrono::seconds kRotationDelay = std::chrono::minutes(10);

/// The keys of the file. nullopt with the mistake and its cure in `why`. `credentials_directory` is
/// systemd's $CREDENTIALS_DIRECTORY, or empty: below it and below /run/secrets rights are not ours
/// to judge. A ring whose keys cannot seal yet is returned all the same.
[[nodiscard]] std::optional<KeyRing> read_key_file(const std::string& path,
                                                   const std::string& credentials_directory,
                                                   std::string& why);

enum class Keygen {
  kNew,        // refuses when the file is there
  kIfMissing,  // does nothing when the file is there and good
  kRotate,     // adds a key that seals in kRotationDelay, retires the others `lifetime` after that
};

/// Makes or changes the file. False with the mistake and its cure in `why`.
[[nodiscard]] bool generate_keys(const std::string& path, Keygen how, std::chrono::seconds lifetime,
                                 std::int64_t now, std::string& why);

}  // namespace portero
