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
  kRotate,     // adds a key that seals in kRotationDelay, retires the others `lifetime` after that;
               // refuses when the file is not there
};

/// What generate_keys() did.
struct MadeKeys {
  bool is_made = false;         // false: the file was good, and is as it was
  std::string kid = {};         // of the key it made, or that seals now; empty: none seals yet
  std::int64_t seal_from = 0;   // of the key it made, in seconds since 1970
  std::int64_t open_until = 0;  // of the others, likewise
  std::size_t kept = 0;         // how many others, or all when none was made
};

/// Makes or changes the file. `now` is in seconds since 1970.
[[nodiscard]] Result<MadeKeys, Problem> generate_keys(const std::string& path, Keygen how,
                                                      std::chrono::seconds lifetime,
                                                      std::int64_t now);

}  // namespace portero
