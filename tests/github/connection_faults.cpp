// See connection_faults.h.
#include "tests/github/connection_faults.h"

#include <openssl/ssl.h>

#include <array>

namespace portero::stand_in {
namespace {

constexpr std::array<std::string_view, 21> kNames{
    // The certificate.
    "tls_expired", "tls_not_yet_valid", "tls_self_signed", "tls_unknown_authority",
    "tls_wrong_host", "tls_wrong_address", "tls_common_name_only", "tls_any_host",
    "tls_any_subdomain", "tls_weak_key", "tls_sha1",
    // The version.
    "tls_1_0", "tls_1_1",
    // The handshake.
    "tls_stall", "tls_reset", "tls_garbage", "tls_close", "tls_cut",
    // No connection at all: `refused` and `dropped` hold until disarmed.
    "reset_on_connect", "refused", "dropped"};

constexpr long kDay = 24L * 3600;

}  // namespace

std::span<const std::string_view> connection_faults() { return kNames; }

std::optional<TlsManner> manner_of(std::string_view fault) {
  TlsManner manner;
  Subject& subject = manner.subject;
  if (fault.empty()) return manner;
  if (fault == "tls_expired") {
    subject.valid_from = -2 * kDay;
    subject.valid_until = -kDay;
  } else if (fault == "tls_not_yet_valid") {
    subject.valid_from = kDay;
    subject.valid_until = 2 * kDay;
  } else if (fault == "tls_self_signed") {
    manner.signer = Signer::kItself;
  } else if (fault == "tls_unknown_authority") {
    manner.signer = Signer::kStranger;
  } else if (fault == "tls_wrong_host") {
    subject.names = "DNS:github.example,DNS:localhost.example,DNS:notlocalhost";
  } else if (fault == "tls_wrong_address") {
    subject.names = "IP:127.0.0.2,IP:0:0:0:0:0:FFFF:7F00:1,DNS:127.0.0.1";
  } else if (fault == "tls_common_name_only") {
    subject.common_name = "localhost";
    subject.names = "";
  } else if (fault == "tls_any_host") {
    subject.names = "DNS:*,DNS:*.*,DNS:l*";
  } else if (fault == "tls_any_subdomain") {
    subject.names = "DNS:*.localhost";
  } else if (fault == "tls_weak_key") {
    subject.key = KeyKind::kRsa1024;
  } else if (fault == "tls_sha1") {
    subject.sha1 = true;
  } else if (fault == "tls_1_0") {
    manner.version = TLS1_VERSION;
  } else if (fault == "tls_1_1") {
    manner.version = TLS1_1_VERSION;
  } else {
    return std::nullopt;
  }
  return manner;
}

}  // namespace portero::stand_in
