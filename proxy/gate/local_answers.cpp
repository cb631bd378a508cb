#include "proxy/gate/local_answers.h"

#include <utility>

#include "proxy/app/app.h"
#include "proxy/gate/cors.h"

namespace portero {
namespace {

constexpr std::string_view kFileMethods = "GET, HEAD";

Response refuse_method(std::string allowed) {
  Response response = make_problem(Error::kMethodNotAllowed);
  response.headers.push_back({"Allow", std::move(allowed)});
  return response;
}

}  // namespace

std::optional<Response> answer_locally(const Snapshot& snapshot, const ReadRequest& read) {
  const Request& request = read.request;
  if (read.is_preflight) return respond_to_preflight(snapshot.settings, request);
  const std::string_view path = path_of(request.target);
  const std::string allowed = allowed_methods(path);
  if (request.method == "OPTIONS") {
    return refuse_method(allowed.empty() ? std::string(kFileMethods) : allowed);
  }
  if (!allowed.empty() || !snapshot.files->contains(path)) return std::nullopt;
  if (request.method != "GET" && request.method != "HEAD") {
    return refuse_method(std::string(kFileMethods));
  }
  return respond_with_file(snapshot.files, path, read.if_none_match, read.accept_encoding,
                           snapshot.page_policy);
}

}  // namespace portero
