#include "proxy/gate/local_answers.h"

#include "proxy/base/route.h"
#include "proxy/gate/cors.h"

namespace portero {
namespace {

constexpr const char* kFileMethods = "GET, HEAD";

}  // namespace

std::optional<Response> answer_locally(const GateConfig& config, const ReadRequest& read) {
  const Request& request = read.request;
  if (request.route != nullptr) return std::nullopt;
  if (read.is_preflight) return answer_preflight(config.origins, request);
  const bool has_routes = !request.allow.empty();
  if (request.method == "OPTIONS") {
    return refuse_method(has_routes ? request.allow : kFileMethods);
  }
  if (has_routes) return refuse_unrouted(request);
  std::optional<Response> file =
      respond_with_file(config.files, request.target, read.if_none_match, read.accept_encoding);
  if (!file) return refuse_unrouted(request);
  if (request.method != "GET" && request.method != "HEAD") return refuse_method(kFileMethods);
  return file;
}

}  // namespace portero
