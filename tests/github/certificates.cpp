// See certificates.h. What OpenSSL cannot do here is a broken installation: abort.
#include "tests/github/certificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <cstdlib>

namespace portero::stand_in {
namespace {

void insist(bool good) {
  if (!good) std::abort();
}

std::shared_ptr<EVP_PKEY> make_key(KeyKind kind) {
  EVP_PKEY* const key = kind == KeyKind::kRsa1024 ? EVP_RSA_gen(1024) : EVP_EC_gen("P-256");
  insist(key != nullptr);
  return {key, &EVP_PKEY_free};
}

void add_extension(X509* to, int nid, const std::string& value) {
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
  insist(extension != nullptr && X509_add_ext(to, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

/// Everything but the issuer and the signature.
Certificate make_unsigned(const Subject& subject, bool authority) {
  Certificate made{.key = make_key(subject.key), .certificate = {X509_new(), &X509_free}};
  X509* const x509 = made.certificate.get();
  insist(x509 != nullptr);
  long serial = 0;
  insist(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), 4) == 1);
  X509_set_version(x509, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(x509), serial + 1);
  X509_gmtime_adj(X509_getm_notBefore(x509), subject.valid_from);
  X509_gmtime_adj(X509_getm_notAfter(x509), subject.valid_until);
  X509_NAME* const name = X509_get_subject_name(x509);
  const auto* const text = reinterpret_cast<const unsigned char*>(subject.common_name.c_str());
  insist(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, -1, -1, 0) == 1);
  insist(X509_set_pubkey(x509, made.key.get()) == 1);
  add_extension(x509, NID_basic_constraints, authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  if (!subject.names.empty()) add_extension(x509, NID_subject_alt_name, subject.names);
  return made;
}

void sign(const Certificate& made, const Subject& subject, const Certificate& by) {
  X509_set_issuer_name(made.certificate.get(), X509_get_subject_name(by.certificate.get()));
  const EVP_MD* const digest = subject.sha1 ? EVP_sha1() : EVP_sha256();
  insist(X509_sign(made.certificate.get(), by.key.get(), digest) > 0);
}

}  // namespace

Certificate make_self_signed(const Subject& subject, bool authority) {
  Certificate made = make_unsigned(subject, authority);
  sign(made, subject, made);
  return made;
}

Certificate make_certificate(const Subject& subject, const Certificate& authority) {
  Certificate made = make_unsigned(subject, false);
  sign(made, subject, authority);
  return made;
}

std::string to_pem(const Certificate& certificate) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), &BIO_free);
  insist(PEM_write_bio_X509(memory.get(), certificate.certificate.get()) == 1);
  char* text = nullptr;
  const long length = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(length)};
}

}  // namespace portero::stand_in
