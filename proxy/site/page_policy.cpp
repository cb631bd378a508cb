#include "proxy/site/page_policy.h"

#include "proxy/base/url.h"

namespace portero {

std::vector<std::string> avatar_origins(std::string_view github_url) {
  const std::string_view authority = authority_of(github_url);
  if (authority == "github.com") return {"https://avatars.githubusercontent.com"};
  if (authority.empty()) return {};
  std::vector<std::string> origins = {std::string(origin_of(github_url))};
  if (github_url.starts_with("https:")) {
    origins.push_back("https://avatars." + std::string(authority));
  }
  return origins;
}

std::string make_page_policy(std::string_view github_url,
                             const std::vector<std::string>& script_hashes) {
  std::string policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'";
  for (const std::string& hash : script_hashes) policy.append(" ").append(hash);
  policy +=
      "; style-src 'self'; connect-src 'self'; font-src 'self'; media-src 'self'; "
      "manifest-src 'self'; img-src 'self'";
  for (const std::string& origin : avatar_origins(github_url)) policy.append(" ").append(origin);
  return policy +
         "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
         "require-trusted-types-for 'script'; trusted-types 'none'";
}

}  // namespace portero
