// What GitHub's certificate must satisfy beyond libcurl's own checks. Knows OpenSSL, and no socket.
#pragma once

#include <string>

namespace portero {

/// For a client's SSL_CTX, before its handshake: the certificate must name `host` in its
/// subjectAltName (RFC 9525 §6.3: a common name is no name; libcurl would still take it), and no
/// key or signature is weaker than 112 bits, whatever the system's openssl.cnf says. False: OpenSSL
/// did not take it, and there must be no handshake.
[[nodiscard]] bool set_strict_tls(void* ssl_ctx, const std::string& host);

/// Whether the peer of an SSL, after its handshake, chose HTTP/2 (ALPN, RFC 7301).
[[nodiscard]] bool speaks_http2(const void* ssl);

}  // namespace portero
