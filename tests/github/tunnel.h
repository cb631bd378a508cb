// One connection of the TLS front: the handshake as a fault wants it, then bytes in both directions
// until either end is done.
#pragma once

#include <openssl/ossl_typ.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

#include "tests/github/certificates.h"
#include "tests/github/connection_faults.h"
#include "tests/github/peer.h"

namespace portero::stand_in {

using TlsContext = std::shared_ptr<SSL_CTX>;

/// A server's side of TLS in that manner, as weak as it asks for.
[[nodiscard]] TlsContext make_context(const TlsManner& manner, const Certificate& authority);

/// The handshake, then everything to and from the backend's port. How the backend ends (an end, a
/// RST) is how the peer's connection ends. `heard` is told what came out of TLS.
void pass_on(const Peer& peer, const TlsContext& context, int backend,
             const std::function<void(std::size_t bytes)>& heard);

/// A handshake that is never finished. REQUIRES: manner_of(fault) is nothing. `good` is the context
/// of an honest one.
void break_handshake(const Peer& peer, std::string_view fault, const TlsContext& good);

}  // namespace portero::stand_in
