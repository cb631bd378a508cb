// Answers from the map; reading the map is read_files.cpp.
#include "proxy/site/files.h"

#include <array>
#include <cstdlib>

namespace portero {
namespace {

std::string_view strip(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// Calls `is_it` with each member of a comma separated list until one says yes.
template <typename Predicate>
bool any_member(std::string_view list, Predicate is_it) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    if (is_it(strip(list.substr(0, comma)))) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
  return false;
}

/// RFC 9110 §12.5.3, without `*`: a coding is accepted when named with a weight above 0.
bool accepts(std::string_view accept_encoding, std::string_view coding) {
  return any_member(accept_encoding, [=](std::string_view member) {
    const std::size_t semicolon = member.find(';');
    if (strip(member.substr(0, semicolon)) != coding) return false;
    if (semicolon == std::string_view::npos) return true;
    const std::string_view weight = strip(member.substr(semicolon + 1));
    return weight.starts_with("q=") && weight.find_first_of("123456789") != std::string_view::npos;
  });
}

/// RFC 9110 §13.1.2: weak comparison.
bool has_tag(std::string_view if_none_match, std::string_view etag) {
  return any_member(if_none_match, [=](std::string_view member) {
    if (member.starts_with("W/")) member.remove_prefix(2);
    return member == "*" || member == etag;
  });
}

/// Each coding of a file is a representation of its own, and so has a tag of its own.
std::string tag_of(const File& file, std::string_view coding) {
  if (coding.empty()) return file.etag;
  return file.etag.substr(0, file.etag.size() - 1).append("-").append(coding).append("\"");
}

/// "https://host:1/x" -> "host:1".
std::string_view authority_in(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  const std::string_view rest = url.substr(scheme + 3);
  return rest.substr(0, rest.find_first_of("/?#"));
}

}  // namespace

std::optional<Response> respond_with_file(const std::shared_ptr<const FileMap>& files,
                                          std::string_view path, std::string_view if_none_match,
                                          std::string_view accept_encoding,
                                          std::string_view page_policy) {
  const auto at = files->find(path);
  if (at == files->end()) return std::nullopt;
  const File& file = at->second;
  std::string_view coding;
  const std::string* body = &file.body;
  if (file.br && accepts(accept_encoding, "br")) {
    coding = "br";
    body = &*file.br;
  } else if (file.gzip && accepts(accept_encoding, "gzip")) {
    coding = "gzip";
    body = &*file.gzip;
  }
  const std::string etag = tag_of(file, coding);
  Response response{
      .status = 200, .headers = {{"ETag", etag}, {"Cache-Control", "no-cache"}}, .body = {}};
  std::vector<Header>& headers = response.headers;
  if (file.br || file.gzip) headers.push_back({"Vary", "Accept-Encoding"});
  if (file.content_type.starts_with("text/html")) {
    headers.push_back({"Content-Security-Policy", std::string(page_policy)});
    headers.push_back({"Referrer-Policy", "no-referrer"});
  }
  if (has_tag(if_none_match, etag)) {
    response.status = 304;
    return response;
  }
  headers.push_back({"Content-Type", file.content_type});
  if (!coding.empty()) headers.push_back({"Content-Encoding", std::string(coding)});
  response.shared_body = std::shared_ptr<const std::string>(files, body);
  return response;
}

std::string make_page_policy(const GithubSettings& github) {
  const std::string_view authority = authority_in(github.url);
  std::string images = "'self'";
  if (authority == "github.com") {
    images += " https://avatars.githubusercontent.com";
  } else if (!authority.empty()) {
    // An Enterprise Server serves them itself or, with sub-domains, below `avatars.`.
    const std::string_view origin =
        std::string_view(github.url).substr(0, github.url.find("://") + 3 + authority.size());
    images.append(" ").append(origin);
    if (origin.starts_with("https:")) images.append(" https://avatars.").append(authority);
  }
  return "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
         "connect-src 'self'; manifest-src 'self'; img-src " +
         images +
         "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
         "require-trusted-types-for 'script'; trusted-types 'none'";
}

}  // namespace portero
