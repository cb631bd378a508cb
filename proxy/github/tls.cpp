#include "proxy/github/tls.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <string_view>

namespace portero {
namespace {

constexpr int kSecurityLevel = 2;  // 112 bits: RSA of 2,048, no SHA-1

}  // namespace

bool set_strict_tls(void* ssl_ctx, const std::string& host) {
  auto* const context = static_cast<SSL_CTX*>(ssl_ctx);
  SSL_CTX_set_security_level(context,
                             std::max(kSecurityLevel, SSL_CTX_get_security_level(context)));
  X509_VERIFY_PARAM* const judged = SSL_CTX_get0_param(context);
  X509_VERIFY_PARAM_set_hostflags(
      judged, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return X509_VERIFY_PARAM_set1_ip_asc(judged, host.c_str()) == 1 ||
         X509_VERIFY_PARAM_set1_host(judged, host.c_str(), host.size()) == 1;
}

bool speaks_http2(const void* ssl) {
  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(static_cast<const SSL*>(ssl), &chosen, &size);
  return std::string_view(reinterpret_cast<const char*>(chosen), size) == "h2";
}

}  // namespace portero
