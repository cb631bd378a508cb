#include "proxy/github/memberships.h"

#include <string>

#include "proxy/base/http.h"
#include "proxy/base/text.h"
#include "proxy/github/reply.h"

namespace portero {
namespace {

constexpr int kOk = 200;
constexpr int kForbidden = 403;
constexpr int kNotFound = 404;

/// The message is all that marks it; its documentation_url is the call's own. GitHub wrote both
/// "OAuth App" and "OAuth app".
bool is_restricted(const UpstreamReply& reply) {
  constexpr std::string_view kBegins =
      "although you appear to have the correct authorization credentials, the ";
  constexpr std::string_view kSays = " organization has enabled oauth app access restrictions";
  const Result<Json> body = read_body(reply);
  const std::string* message = body ? find_string(*body, "message") : nullptr;
  if (message == nullptr) return false;
  const std::string text = lower(*message);
  return text.starts_with(kBegins) && text.find(kSays, kBegins.size() - 1) != std::string::npos;
}

Result<Holds> read_state(const Json& membership) {
  const std::string* state = find_string(membership, "state");
  const std::string* role = find_string(membership, "role");
  if (state == nullptr || role == nullptr) return Error::kUpstreamInvalid;
  if (*state == "pending") return Holds::kNo;
  if (*state != "active") return Error::kUpstreamInvalid;
  return *role == "billing_manager" ? Holds::kNo : Holds::kYes;
}

Result<Holds> read_permission(const Json& repository) {
  const Json* permissions = find_member(repository, "permissions");
  const Json* push = permissions == nullptr ? nullptr : find_member(*permissions, "push");
  if (push == nullptr || !push->is_boolean()) return Error::kUpstreamInvalid;
  return push->get<bool>() ? Holds::kYes : Holds::kNo;
}

}  // namespace

std::string_view name(Hiding hiding) {
  return hiding == Hiding::kRestricted ? "restricted" : "single_sign_on";
}

std::optional<Hiding> find_hiding(const UpstreamReply& reply) {
  if (reply.status != kForbidden || is_rate_limited(reply)) return std::nullopt;
  const std::string* sso = find_header(reply.headers, "x-github-sso");
  if (sso != nullptr && sso->starts_with("required")) return Hiding::kSingleSignOn;
  if (is_restricted(reply)) return Hiding::kRestricted;
  return std::nullopt;
}

Result<Holds> read_rule_reply(RuleKind kind, const UpstreamReply& reply) {
  if (reply.status == kNotFound) return Holds::kNo;
  if (find_hiding(reply)) return Holds::kHidden;
  if (reply.status != kOk) return error_of_status(reply);
  const Result<Json> body = read_body(reply);
  if (!body || !body->is_object()) return Error::kUpstreamInvalid;
  return kind == RuleKind::kPush ? read_permission(*body) : read_state(*body);
}

}  // namespace portero
