#include "proxy/site/files.h"

#include "proxy/base/text.h"

namespace portero {
namespace {

/// Whether one member of a comma separated list is what is looked for.
template <typename Predicate>
bool any_member(std::string_view list, Predicate is_it) {
  while (!list.empty()) {
    if (is_it(strip(take_part(list, ',')))) return true;
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

/// To the folder's own address, which begins with one slash: of the request only the query is
/// repeated, so no request can name another host.
std::optional<Response> redirect_to_folder(const FileMap& files, std::string_view path,
                                           std::string_view query) {
  const auto at = files.find(std::string(path) + "/");
  if (at == files.end()) return std::nullopt;
  return Response{.status = 301,
                  .headers = {{"Location", at->first + std::string(query)},
                              {"Cache-Control", "no-cache"},
                              {"Referrer-Policy", "no-referrer"}},
                  .body = {}};
}

}  // namespace

std::optional<Response> respond_with_file(const std::shared_ptr<const FileMap>& files,
                                          std::string_view target, std::string_view if_none_match,
                                          std::string_view accept_encoding) {
  const std::string_view path = path_of(target);
  const auto at = files->find(path);
  if (at == files->end()) return redirect_to_folder(*files, path, target.substr(path.size()));
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
  if (!file.policy.empty()) {
    headers.push_back({"Content-Security-Policy", file.policy});
    headers.push_back({"Referrer-Policy", "no-referrer"});
    if (file.is_isolated) headers.push_back({"Cross-Origin-Opener-Policy", "same-origin"});
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

}  // namespace portero
