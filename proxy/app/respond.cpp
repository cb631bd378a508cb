#include "proxy/app/respond.h"

#include <utility>

#include "proxy/app/find_site.h"
#include "proxy/app/page_call.h"
#include "proxy/base/route.h"
#include "proxy/base/text.h"
#include "proxy/session/cookies.h"
#include "proxy/telemetry/log.h"

namespace portero {
namespace {

constexpr std::string_view kJson = "application/json";

/// `application/json`, alone or with `charset=utf-8`.
bool is_json(const std::optional<std::string>& content_type) {
  if (!content_type) return false;
  std::string text = lower(*content_type);
  std::erase_if(text, [](char c) { return c == ' ' || c == '\t' || c == '"'; });
  return text == kJson || text == std::string(kJson) + ";charset=utf-8";
}

/// The only log line that quotes the Host, since the fix depends on it. Host and Origin are bounded
/// and escaped there, and neither is a secret. Any page may notice that somebody refuses it here:
/// it reads nothing, but can tell its owner so.
Answer refuse_origin(const Request& request) {
  log_limited(Level::kWarning, "origin_refused",
              {{"request", request.id},
               {"address", request.client},
               {"host", request.host},
               {"origin", request.origin.value_or("-")},
               {"fix",
                "list the page's origin under `origins`; behind nginx: proxy_set_header Host "
                "$http_host;"}});
  Answer answer = refuse(Error::kOriginRefused);
  answer.response.headers.push_back({"Cross-Origin-Resource-Policy", "cross-origin"});
  return answer;
}

Answer answer_call(PageCall& call) {
  const Route& route = *call.request.route;
  if (needs_proof(call)) {
    const ProofFault fault = prove(call);
    if (fault != ProofFault::kNone) return refuse_proof(fault);
  }
  if (route.needs.json && !is_json(call.request.content_type)) {
    return refuse(Error::kUnsupportedMediaType);
  }
  return route.answer(call);
}

/// A cookie that came twice is expired in every answer; a failed sign-in ends what was there: a new
/// session or none, never the one somebody may have planted. One that was only told to wait leaves
/// it: it is what the quarter of the hour's logins is kept for.
void expire_cookie(const PageCall& call, Response& response) {
  const bool failed_sign_in = call.request.route->lane == Lane::kLogin && response.status >= 400 &&
                              response.status != http_status(Error::kRateLimited);
  if (call.carry != Carry::kCookie) return;
  if (!call.has_two_cookies && !failed_sign_in) return;
  if (find_header(response.headers, "Set-Cookie") != nullptr) return;
  response.headers.push_back({"Set-Cookie", make_expired_cookie(*call.site)});
}

/// A call of a page: query, X-Portero, origin, proof, content type, in this order.
Answer answer_page(PageCall& call) {
  const Request& request = call.request;
  const Route& route = *request.route;
  if (path_of(request.target).size() != request.target.size()) return refuse(Error::kBadRequest);
  if (route.needs.header && request.x_portero != "1") return refuse(Error::kHeaderMissing);
  const Site* site = find_site(call.app.settings, request);
  if (site == nullptr) return refuse_origin(request);
  const Result<Done> read = read_page(*site, call);
  if (!read) return refuse(read.error());
  Answer answer = answer_call(call);
  if (route.needs.header) expire_cookie(call, answer.response);
  add_nonce(call, answer);
  return answer;
}

}  // namespace

Answer respond(const Request& request, const AppContext& app, const Fetch& fetch,
               std::int64_t now_unix_seconds) {
  if (request.route == nullptr) return {.response = refuse_unrouted(request)};
  PageCall call{.request = request, .app = app, .fetch = fetch, .now = now_unix_seconds};
  Answer answer = request.route->needs.page ? answer_page(call) : request.route->answer(call);
  write_body(answer);
  return answer;
}

}  // namespace portero
