#include "proxy/site/make_file.h"

#include <openssl/evp.h>

#include <array>
#include <span>
#include <utility>
#include <vector>

#include "proxy/site/file_types.h"
#include "proxy/site/import_maps.h"
#include "proxy/site/integrity.h"
#include "proxy/site/page_policy.h"
#include "wasm/encoding.h"

namespace portero {
namespace {

using Sha256 = std::array<unsigned char, 32>;

/// Zeros when the library fails: a tag that changes too seldom.
Sha256 sha256(std::string_view text) {
  Sha256 digest{};
  EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  return digest;
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
    const Result<std::string> hash = integrity_of(map, 256);
    if (hash) hashes.push_back("'" + *hash + "'");
  }
  file.policy = make_page_policy(github_url, hashes);
  return file;
}

}  // namespace portero
