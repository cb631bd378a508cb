// A GitHub that cannot be reached, or is not GitHub: the faults below HTTP's first byte, by name.
// tls_front.cpp plays them. What a broken GitHub says in HTTP is faults.h.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "tests/github/certificates.h"

namespace portero::stand_in {

enum class Signer { kAuthority, kItself, kStranger };

/// How TLS is spoken where the handshake is gone through with.
struct TlsManner {
  Subject subject = {};
  Signer signer = Signer::kAuthority;
  int version = 0;  // the only one spoken; 0: whatever the library offers
};

[[nodiscard]] std::span<const std::string_view> connection_faults();

/// The manner of a fault that lies in the certificate or the version, of "" the good one; nothing
/// for a fault that never gets that far.
[[nodiscard]] std::optional<TlsManner> manner_of(std::string_view fault);

}  // namespace portero::stand_in
