#include "proxy/site/make_file.h"

#include <openssl/evp.h>

#include <array>
#include <span>
#include <utility>
#include <vector>

#include "proxy/site/file_types.h"
#include "proxy/site/import_maps.h"
#include "proxy/site/page_policy.h"
#include "wasm/encoding.h"

namespace portero {
namespace {

using Sha256 = std::array<unsigned char, 32>;

/// Zeros when the library fails: a tag that changes too seldom, and a hash of no script.
Sha256 sha256(std::string_view text) {
  Sha256 digest{};
  EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  return digest;
}

/// 'sha256-…', as a policy names a script (CSP Level 3, source lists).
std::string make_hash_source(std::string_view script) {
  const Sha256 digest = sha256(script);
  std::array<unsigned char, 45> text{};  // 32 bytes are 44 characters, and a NUL
  EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(digest.size()));
  return "'sha256-" + std::string(text.begin(), text.end() - 1) + "'";
}

}  // namespace

File make_file(std::string_view name, std::string body, std::string_view github_url) {
  const std::string_view type = content_type_of(name);
  File file{.content_type = std::string(type.empty() ? kUnknownType : type),
            .etag = '"' + hex_encode(sha256(body)) + '"',
            .body = {}};
  file.body = std::move(body);
  if (!is_page_type(file.content_type)) return file;
  std::vector<std::string> hashes;
  for (const std::string& map : find_import_maps(file.body)) {
    hashes.push_back(make_hash_source(map));
  }
  file.policy = make_page_policy(github_url, hashes);
  return file;
}

}  // namespace portero
