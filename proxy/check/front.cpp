#include "proxy/check/front.h"

#include <optional>
#include <utility>

#include "proxy/base/http.h"
#include "proxy/base/json.h"
#include "proxy/check/upstream.h"
#include "wasm/protocol.h"

namespace portero {
namespace {

constexpr std::size_t kBodyMax = 4096;
constexpr int kRedirect = 300;
constexpr int kClientError = 400;

struct Front {
  const CheckInput& input;
  const Site& site;
  Report& report;

  [[nodiscard]] std::string url(std::string_view path) const {
    return input.read.settings.public_url + std::string(path);
  }

  void fail(std::string_view path, std::string_view wrong, std::string_view fix) const {
    std::string text = url(path) + " for " + site.origin + ": ";
    report.fail(text.append(wrong).append("; ").append(fix));
  }

  /// The answer, when it has that status.
  [[nodiscard]] std::optional<UpstreamReply> ask(std::string method, std::string_view path,
                                                 std::vector<Header> headers, int status,
                                                 std::string_view fix) const {
    Result<UpstreamReply> reply = input.begin_public()(
        {.method = std::move(method), .url = url(path), .headers = std::move(headers), .body = ""});
    if (!reply) {
      report.fail(url(path) + ": " + describe_silence(reply.error()));
      return std::nullopt;
    }
    if (reply->status == status) return std::move(*reply);
    const bool redirects = reply->status >= kRedirect && reply->status < kClientError;
    fail(path, "answers " + std::to_string(reply->status),
         redirects ? "set public_url to where it leads, so that nothing is redirected" : fix);
    return std::nullopt;
  }

  /// One header as it must arrive.
  [[nodiscard]] bool has(const UpstreamReply& reply, std::string_view path, std::string_view name,
                         std::string_view value) const {
    const std::string* found = find_header(reply.headers, name);
    if (found != nullptr && *found == value) return true;
    const std::string is_not = std::string(name) + " is not `" + std::string(value) + "`";
    fail(path, is_not,
         "let what stands in front pass on our answer's headers and add none of its own");
    return false;
  }

  [[nodiscard]] bool has_cors(const UpstreamReply& reply, std::string_view path) const {
    return has(reply, path, "Access-Control-Allow-Origin", site.origin) &&
           has(reply, path, "Access-Control-Allow-Credentials", "true");
  }
};

constexpr std::string_view kOriginFix =
    "let what stands in front pass on paths below /v1/, with Origin and Host unchanged";

bool check_config(const Front& front) {
  const auto reply =
      front.ask("GET", kConfigPath, {{"Origin", front.site.origin}}, 200, kOriginFix);
  if (!reply) return false;
  const Result<Json> body = read_json(reply->body, kBodyMax, 2);
  const std::string* redirect_uri = body ? find_string(*body, "redirect_uri") : nullptr;
  if (redirect_uri == nullptr || *redirect_uri != front.site.redirect_uri) {
    front.fail(kConfigPath, "is not answered by a proxy with these settings",
               "start this one, reload it (SIGHUP), or correct public_url");
    return false;
  }
  return front.has_cors(*reply, kConfigPath);
}

bool check_session(const Front& front) {
  const auto reply = front.ask(
      "GET", kSessionPath,
      {{"Origin", front.site.origin}, {"X-Portero", "1"}, {"Sec-Fetch-Site", "same-site"}}, 200,
      "let what stands in front pass on X-Portero and Sec-Fetch-Site");
  return reply && front.has(*reply, kSessionPath, "Cache-Control", "no-store") &&
         front.has_cors(*reply, kSessionPath);
}

bool check_preflight(const Front& front) {
  const auto reply = front.ask("OPTIONS", kSessionPath,
                               {{"Origin", front.site.origin},
                                {"Access-Control-Request-Method", "POST"},
                                {"Access-Control-Request-Headers", "content-type,x-portero"}},
                               204, "let what stands in front pass on OPTIONS");
  return reply && front.has_cors(*reply, kSessionPath);
}

/// Browsers send no Origin with a same-origin GET, so there Host says which page asks.
bool check_host(const Front& front) {
  if (front.input.read.settings.public_url != front.site.origin) return true;
  return front
      .ask("GET", kSessionPath, {{"X-Portero", "1"}, {"Sec-Fetch-Site", "same-origin"}}, 200,
           "pass on Host as the browser sent it (nginx: proxy_set_header Host $http_host;)")
      .has_value();
}

/// A page of another site names its session in Authorization: an invalid one must get our 401.
bool check_key(const Front& front) {
  if (!front.site.cross_site) return true;
  const auto reply = front.ask("GET", kSessionPath,
                               {{"Origin", front.site.origin},
                                {"X-Portero", "1"},
                                {"Sec-Fetch-Site", "cross-site"},
                                {"Authorization", "DPoP none"},
                                {"DPoP", "none"}},
                               401,
                               "let what stands in front pass on Authorization, DPoP and "
                               "Sec-Fetch-Site, or set cross_site to false");
  return reply && front.has_cors(*reply, kSessionPath);
}

}  // namespace

void check_front(const CheckInput& input, const Site& site, Report& report) {
  const Front front{input, site, report};
  if (!check_config(front) || !check_preflight(front)) return;
  if (!check_session(front) || !check_host(front) || !check_key(front)) return;
  report.ok(front.url("") + " for " + site.origin + ": config, preflight and session arrive whole");
}

void check_hidden(const CheckInput& input, Report& report) {
  constexpr int kNotFound = 404;
  const std::string url = input.read.settings.public_url + "/metrics";
  const Result<UpstreamReply> reply =
      input.begin_public()({.method = "GET", .url = url, .headers = {}, .body = ""});
  if (!reply) return;  // check_front said so already
  if (reply->status == kNotFound) return report.ok(url + " is hidden");
  report.fail(url + ": answers " + std::to_string(reply->status) +
              "; lead the public address to `listen`, never to `internal_listen`");
}

}  // namespace portero
