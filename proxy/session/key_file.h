// The file of sealing keys: {"keys":[{"kid","k","seal_from","open_until"}]}, `k` in base64url,
// times in seconds since 1970, `open_until` absent for a key that is not retired. Written by atomic
// rename with mode 0600; refused when others may read or change it (base/private_file.h). No
// Problem holds a key; each names the file.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "proxy/base/private_file.h"
#include "proxy/base/problem.h"
#include "proxy/session/key_ring.h"
#include "wasm/result.h"

namespace portero {

/// How long a new key waits before it seals, so that every process has read it by then.
inline constexpr std::chrono::seconds kRotationDelay = std::chrono::minutes(10);

struct LoadedKeys {
  KeyRing ring;
  Access access = Access::kPrivate;  // never kOpen: such a file is refused
};

/// The keys of the file. `credentials_directory` is systemd's $CREDENTIALS_DIRECTORY, or empty.
/// Also returns a ring whose keys cannot seal yet.
[[nodiscard]] Result<LoadedKeys, Problem> read_key_file(const std::string& path,
                                                        const std::string& credentials_directory);

enum class Keygen {
  kNew,        // refuses when the file is there
  kIfMissing,  // does nothing when the file is there and good
  kRotate,     // adds a key that seals in kRotationDelay, retires the others `lifetime` after that
};

/// Makes or changes the file. `now` is in seconds since 1970.
[[nodiscard]] Result<Done, Problem> generate_keys(const std::string& path, Keygen how,
                                                  std::chrono::seconds lifetime, std::int64_t now);

}  // namespace portero
