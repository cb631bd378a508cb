// Certificates made as they are needed, good ones and bad ones, by a certificate authority that
// lives as long as the process. Nothing of it is ever on disk but the authority's own certificate,
// where the proxy's `github.ca_file` looks for it.
#pragma once

#include <openssl/ossl_typ.h>

#include <memory>
#include <string>

namespace portero::stand_in {

enum class KeyKind { kP256, kRsa1024 };

struct Subject {
  std::string common_name = "stand-in";
  std::string names =
      "DNS:localhost,IP:127.0.0.1";  // subjectAltName; empty: the certificate has none
  long valid_from = -3600;           // seconds from now
  long valid_until = 24L * 3600;
  KeyKind key = KeyKind::kP256;
  bool sha1 = false;  // the authority signs with SHA-1
};

struct Certificate {
  std::shared_ptr<EVP_PKEY> key;
  std::shared_ptr<X509> certificate;
};

/// A certificate that vouches for itself; `authority`: and may for others.
[[nodiscard]] Certificate make_self_signed(const Subject& subject, bool authority);

/// REQUIRES: `authority` was made as one.
[[nodiscard]] Certificate make_certificate(const Subject& subject, const Certificate& authority);

/// The certificate, without its key.
[[nodiscard]] std::string to_pem(const Certificate& certificate);

}  // namespace portero::stand_in
