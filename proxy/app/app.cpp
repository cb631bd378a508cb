// The route table and the checks that come before every call, in their order: path, method, query,
// X-Portero, origin, content type. What a call then does is session_calls.h.
#include "proxy/app/app.h"

#include <algorithm>
#include <array>

#include "proxy/telemetry/log.h"
#include "proxy/app/page_call.h"
#include "proxy/session/cookies.h"
#include "proxy/app/session_calls.h"
#include "proxy/settings/origins.h"
#include "wasm/protocol.h"

namespace portero {
namespace {

constexpr std::array<Route, 6> kRoutes = {{
    {"GET", kConfigPath, Lane::kQuick},
    {"GET", kSessionPath, Lane::kQuick},
    {"POST", kSessionPath, Lane::kLogin},
    {"DELETE", kSessionPath, Lane::kQuick},
    {"GET", kHealthPath, Lane::kLoop},
    {"GET", kReadyPath, Lane::kLoop},
}};

constexpr std::string_view kJson = "application/json";
constexpr int kNotReadySeconds = 1;

const Route* find_route(std::string_view method, std::string_view path) {
  const std::string_view asked = method == "HEAD" ? "GET" : method;
  for (const Route& route : kRoutes) {
    if (route.method == asked && route.path == path) return &route;
  }
  return nullptr;
}

std::string lower(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lowered;
}

/// `application/json`, alone or with `charset=utf-8`.
bool is_json(const std::optional<std::string>& content_type) {
  if (!content_type) return false;
  std::string text = lower(*content_type);
  std::erase_if(text, [](char c) { return c == ' ' || c == '\t' || c == '"'; });
  return text == kJson || text == std::string(kJson) + ";charset=utf-8";
}

Answer refuse_method(std::string_view path) {
  Answer answer = refuse(Error::kMethodNotAllowed);
  answer.response.headers.push_back({"Allow", allowed_methods(path)});
  return answer;
}

/// The only log line that quotes the request, since the cure depends on it. Both are bounded and
/// escaped there, and neither is a secret.
Answer refuse_origin(const Request& request) {
  log_limited(Level::kWarning, "origin_refused",
              {{"request", request.id},
               {"address", request.client},
               {"host", request.host},
               {"origin", request.origin.value_or("-")},
               {"cure",
                "list the page's origin under `origins`; behind nginx: proxy_set_header Host "
                "$http_host;"}});
  return refuse(Error::kOriginRefused);
}

Answer answer_health(const Request& request, const AppContext& app) {
  if (path_of(request.target) == kReadyPath && !app.ready) {
    return refuse(Error::kOverloaded, kNotReadySeconds);
  }
  return {{.status = 200, .headers = {{"Content-Type", "text/plain; charset=utf-8"}}, .body = {}}};
}

Answer answer_call(PageCall& call, const Route& route, const Fetch& fetch) {
  if (route.path == kConfigPath) return {answer_config(call)};
  if (needs_proof(call)) {
    const ProofFault fault = prove(call);
    if (fault != ProofFault::kNone) return refuse_proof(fault);
  }
  if (route.method == "GET") return answer_session(call);
  if (route.method == "DELETE") return answer_sign_out(call);
  if (!is_json(call.request.content_type)) return refuse(Error::kUnsupportedMediaType);
  return answer_sign_in(call, fetch);
}

/// A cookie that came twice is expired in every answer; a failed sign-in ends what was there
/// (a new session or none, never the one somebody may have planted). One that was only
/// told to wait leaves it: it is what the quarter of the hour's logins is kept for.
void expire_cookie(const PageCall& call, const Route& route, Response& response) {
  const bool failed_sign_in = route.lane == Lane::kLogin && response.status >= 400 &&
                              response.status != http_status(Error::kRateLimited);
  if (call.carry != Carry::kCookie) return;
  if (!call.request.session_doubled && !failed_sign_in) return;
  if (find_header(response.headers, "Set-Cookie") != nullptr) return;
  response.headers.push_back({"Set-Cookie", make_expired_cookie(call.site)});
}

}  // namespace

std::span<const Route> routes() { return kRoutes; }

std::string allowed_methods(std::string_view path) {
  std::string methods;
  for (const Route& route : kRoutes) {
    if (route.path != path) continue;
    if (!methods.empty()) methods += ", ";
    methods += route.method;
    if (route.method == "GET") methods += ", HEAD";
  }
  return methods;
}

Lane lane_of(std::string_view method, std::string_view target) {
  const Route* route = find_route(method, path_of(target));
  return route == nullptr ? Lane::kQuick : route->lane;
}

Answer respond(const Request& request, const AppContext& app, const Fetch& fetch,
               std::int64_t now_unix_seconds) {
  const std::string_view path = path_of(request.target);
  if (allowed_methods(path).empty()) return refuse(Error::kNotFound);
  const Route* route = find_route(request.method, path);
  if (route == nullptr) return refuse_method(path);
  if (path == kHealthPath || path == kReadyPath) return answer_health(request, app);
  if (path.size() != request.target.size()) return refuse(Error::kBadRequest);
  if (path != kConfigPath && request.x_portero != "1") return refuse(Error::kHeaderMissing);
  const Site* site = find_site(app.settings, request);
  if (site == nullptr) return refuse_origin(request);
  Result<PageCall> call = read_call(request, app, *site, now_unix_seconds);
  if (!call) return refuse(call.error());
  Answer answer = answer_call(*call, *route, fetch);
  if (path == kSessionPath) expire_cookie(*call, *route, answer.response);
  add_nonce(*call, answer.response);
  return answer;
}

}  // namespace portero
