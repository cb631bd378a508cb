#include "proxy/github/reply.h"

#include <string>

#include "proxy/base/http.h"

namespace portero {
namespace {

constexpr std::size_t kDepthMax = 8;

bool names_secondary_limit(const UpstreamReply& reply) {
  const Result<Json> body = read_body(reply);
  const std::string* message = body ? find_string(*body, "message") : nullptr;
  return message != nullptr && message->starts_with("You have exceeded a secondary rate limit");
}

}  // namespace

bool is_rate_limited(const UpstreamReply& reply) {
  if (reply.status == 429) return true;
  if (reply.status != 403) return false;
  const std::string* remaining = find_header(reply.headers, "x-ratelimit-remaining");
  return find_header(reply.headers, "retry-after") != nullptr ||
         (remaining != nullptr && *remaining == "0") || names_secondary_limit(reply);
}

Result<Json> read_body(const UpstreamReply& reply) {
  const std::string* type = find_header(reply.headers, "content-type");
  if (type != nullptr) {
    const std::string_view media = std::string_view(*type).substr(0, type->find_first_of("; "));
    const bool json =
        media.starts_with("application/") && (media.ends_with("/json") || media.ends_with("+json"));
    if (!json) return Error::kUpstreamInvalid;
  }
  return read_json(reply.body, kUpstreamBodyMax, kDepthMax);
}

Error error_of_status(const UpstreamReply& reply) {
  if (reply.status < 200 || (reply.status >= 300 && reply.status < 400)) {
    return Error::kUpstreamInvalid;
  }
  return is_rate_limited(reply) ? Error::kUpstreamRateLimited : Error::kUpstreamRefused;
}

}  // namespace portero
