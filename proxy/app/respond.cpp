#include "proxy/app/respond.h"

#include <optional>
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

/// What keeps a call of a page from its route's function: query, X-Portero, origin, proof, content
/// type, in this order.
std::optional<Answer> refuse_page(PageCall& call) {
  const Request& request = call.request;
  const Needs& needs = request.route->needs;
  if (path_of(request.target).size() != request.target.size()) return refuse(Error::kBadRequest);
  if (needs.header && request.x_portero != "1") return refuse(Error::kHeaderMissing);
  const Site* site = find_site(call.app.settings, request);
  if (site == nullptr) return refuse_origin(request);
  const Result<Done> read = read_page(*site, call);
  if (!read) return refuse(read.error());
  if (needs_proof(call)) {
    const ProofFault fault = prove(call);
    if (fault != ProofFault::kNone) return refuse_proof(fault);
  }
  if (needs.json && !is_json(request.content_type)) return refuse(Error::kUnsupportedMediaType);
  return std::nullopt;
}

std::optional<Answer> refuse_call(PageCall& call) {
  if (call.request.route == nullptr) return Answer{.response = refuse_unrouted(call.request)};
  return call.request.route->needs.page ? refuse_page(call) : std::nullopt;
}

/// What an answer to a page gets.
void add_for_page(const PageCall& call, Answer& answer) {
  if (call.site == nullptr) return;
  if (call.request.route->needs.header) expire_cookie(call, answer.response);
  add_nonce(call, answer);
}

void finish_answer(const PageCall& call, Answer& answer) {
  add_for_page(call, answer);
  write_body(answer);
}

}  // namespace

Answer respond(const Request& request, const AppContext& app, std::int64_t now_unix_seconds) {
  PageCall call{.request = request, .app = app, .now = now_unix_seconds};
  std::optional<Answer> refused = refuse_call(call);
  Answer answer = refused ? std::move(*refused) : request.route->answer(call);
  finish_answer(call, answer);
  return answer;
}

void begin_response(const Request& request, const AppContext& app, Fetch fetch,
                    std::int64_t now_unix_seconds, Answered answered) {
  const auto call = std::make_shared<PageCall>(
      PageCall{.request = request, .app = app, .fetch = std::move(fetch), .now = now_unix_seconds});
  auto finished = [call, answered = std::move(answered)](Answer answer) {
    finish_answer(*call, answer);
    answered(std::move(answer));
  };
  std::optional<Answer> refused = refuse_call(*call);
  if (refused) return finished(std::move(*refused));
  request.route->begin(call, std::move(finished));
}

}  // namespace portero
