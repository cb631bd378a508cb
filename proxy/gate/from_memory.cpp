#include "proxy/gate/from_memory.h"

#include <utility>

#include "proxy/app.h"
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

FromMemory::FromMemory(const Settings& settings, const FileMap& files, std::string page_policy)
    : settings_(settings), files_(files), page_policy_(std::move(page_policy)) {}

std::optional<Response> FromMemory::respond(const ReadRequest& read) const {
  const Request& request = read.request;
  if (read.is_preflight) return respond_to_preflight(settings_, request);
  const std::string_view path = path_of(request.target);
  const std::string allowed = allowed_methods(path);
  if (request.method == "OPTIONS") {
    return refuse_method(allowed.empty() ? std::string(kFileMethods) : allowed);
  }
  if (!allowed.empty() || !files_.contains(path)) return std::nullopt;
  if (request.method != "GET" && request.method != "HEAD") {
    return refuse_method(std::string(kFileMethods));
  }
  return respond_with_file(files_, path, read.if_none_match, read.accept_encoding, page_policy_);
}

}  // namespace portero
