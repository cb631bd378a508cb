#include "proxy/check/front.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "proxy/base/text.h"
#include "proxy/check/upstream.h"
#include "proxy/check/visit.h"
#include "wasm/protocol.h"

namespace portero {
namespace {

constexpr int kRedirect = 300;
constexpr int kClientError = 400;

struct Front {
  const CheckInput& input;
  const Site& site;
  Report& report;
  bool& is_silent;

  [[nodiscard]] std::string url(std::string_view path) const {
    return input.read.settings.public_url + std::string(path);
  }

  void fail(std::string_view path, std::string_view wrong, std::string_view fix) const {
    const std::string where = url(path) + " for " + site.origin;
    report.fail(Problem{where, std::string(wrong), std::string(fix)});
  }

  /// The answer, whatever its status.
  [[nodiscard]] std::optional<UpstreamReply> fetch(std::string method, std::string_view path,
                                                   std::vector<Header> headers) const {
    Result<UpstreamReply> reply = input.begin_public()(
        {.method = std::move(method), .url = url(path), .headers = std::move(headers), .body = ""});
    if (reply) return std::move(*reply);
    is_silent = true;
    report.fail(make_silence(url(path), reply.error()));
    return std::nullopt;
  }

  [[nodiscard]] bool has_status(const UpstreamReply& reply, std::string_view path, int status,
                                std::string_view fix) const {
    if (reply.status == status) return true;
    const std::vector<std::string> to = values_of(reply.headers, "Location");
    const bool redirects = reply.status >= kRedirect && reply.status < kClientError && !to.empty();
    fail(path,
         "answers " + std::to_string(reply.status) +
             (redirects ? " and leads to " + quote(to.front()) : ""),
         redirects ? "set public_url to where it leads, so that nothing is redirected" : fix);
    return false;
  }

  /// The answer, when it has that status.
  [[nodiscard]] std::optional<UpstreamReply> ask(std::string method, std::string_view path,
                                                 std::vector<Header> headers, int status,
                                                 std::string_view fix) const {
    std::optional<UpstreamReply> reply = fetch(std::move(method), path, std::move(headers));
    if (reply && !has_status(*reply, path, status, fix)) return std::nullopt;
    return reply;
  }

  /// The value of a header that must come once: browsers refuse two CORS headers of a name, and of
  /// others no two programs agree which counts.
  [[nodiscard]] std::optional<std::string> find_once(const UpstreamReply& reply,
                                                     std::string_view path,
                                                     std::string_view name) const {
    const std::vector<std::string> values = values_of(reply.headers, name);
    if (values.size() == 1) return values.front();
    if (values.empty()) {
      fail(path, std::string(name) + " is missing",
           "let what stands in front pass on our answer's headers");
      return std::nullopt;
    }
    std::string all;
    for (const std::string& value : values) all += (all.empty() ? "`" : "`, `") + quote(value);
    fail(path,
         std::string(name) + " comes " + std::to_string(values.size()) + " times (" + all + "`)",
         "portero sends it: remove the line with which what stands in front adds its own (nginx: "
         "add_header; Caddy: header)");
    return std::nullopt;
  }

  /// One header as it must arrive.
  [[nodiscard]] bool has(const UpstreamReply& reply, std::string_view path, std::string_view name,
                         std::string_view value) const {
    const std::optional<std::string> found = find_once(reply, path, name);
    if (!found || *found == value) return found.has_value();
    fail(path, std::string(name) + " is `" + quote(*found) + "`, not `" + std::string(value) + "`",
         "let what stands in front pass on our answer's headers and add none of its own");
    return false;
  }

  /// One header that is a list, with all these words in it. Not "*": with credentials, that is no
  /// wildcard.
  [[nodiscard]] bool lists(const UpstreamReply& reply, std::string_view path, std::string_view name,
                           std::initializer_list<std::string_view> words) const {
    const std::optional<std::string> found = find_once(reply, path, name);
    if (!found) return false;
    const std::string lowered = lower(*found);
    const std::vector<std::string_view> listed = split_list(lowered);
    std::string missing;
    for (const std::string_view word : words) {
      const bool is_listed = std::find(listed.begin(), listed.end(), lower(word)) != listed.end();
      if (!is_listed) missing.append(" ").append(word);
    }
    if (missing.empty()) return true;
    fail(path, std::string(name) + " does not list" + missing,
         "let what stands in front pass on OPTIONS, and answer none itself");
    return false;
  }

  [[nodiscard]] bool has_cors(const UpstreamReply& reply, std::string_view path) const {
    const bool has_origin = has(reply, path, "Access-Control-Allow-Origin", site.origin);
    return has(reply, path, "Access-Control-Allow-Credentials", "true") && has_origin;
  }
};

constexpr std::string_view kOriginFix =
    "let what stands in front pass on paths below /v1/, with Origin and Host unchanged";

std::vector<Header> preflight_headers(const Front& front) {
  std::string asked = "content-type,x-portero";
  if (front.site.cross_site) asked = "authorization,content-type,dpop,x-portero";
  return {{"Origin", front.site.origin},
          {"Access-Control-Request-Method", "DELETE"},
          {"Access-Control-Request-Headers", asked}};
}

/// A portero that does not know the page refuses it like this.
bool refuses_origin(const UpstreamReply& reply) {
  return reply.status == http_status(Error::kOriginRefused) &&
         find_code(reply) == name(Error::kOriginRefused);
}

/// Without Origin an OPTIONS is no preflight and is answered otherwise: what refuses the origin
/// even there has heard it, and has other settings than these.
bool has_other_sites(const Front& front, const UpstreamReply& reply) {
  if (!refuses_origin(reply)) return false;
  const auto preflight = front.fetch("OPTIONS", kSessionPath, preflight_headers(front));
  return preflight && refuses_origin(*preflight);
}

constexpr std::string_view kReload =
    "reload it (systemctl reload portero, or SIGHUP), start this one, or correct public_url";

/// What of its settings a page is told, and what ours are.
bool has_our_settings(const Front& front, const UpstreamReply& reply) {
  const Result<Json> body = read_answer(reply);
  const std::string* redirect_uri = body ? find_string(*body, "redirect_uri") : nullptr;
  if (redirect_uri == nullptr) {
    front.fail(kConfigPath, "is not answered by portero", "start it, or correct public_url");
    return false;
  }
  std::string others;
  const auto compare = [&](const char* key, std::string_view ours) {
    const std::string* theirs = find_string(*body, key);
    if (theirs == nullptr || *theirs != ours)
      others += (others.empty() ? "" : ", ") + std::string(key);
  };
  compare("redirect_uri", front.site.redirect_uri);
  compare("client_id", front.site.client_id);
  compare("scope", front.site.scope);
  compare("issuer", front.input.read.settings.github.issuer);
  if (others.empty()) return true;
  front.fail(kConfigPath, "the proxy that runs there has other settings (" + others + ")", kReload);
  return false;
}

bool check_config(const Front& front) {
  const auto reply = front.fetch("GET", kConfigPath, {{"Origin", front.site.origin}});
  if (!reply) return false;
  if (has_other_sites(front, *reply)) {
    front.fail(kConfigPath,
               "the proxy that runs there does not list this page: it has other settings", kReload);
    return false;
  }
  return front.has_status(*reply, kConfigPath, 200, kOriginFix) &&
         has_our_settings(front, *reply) && front.has_cors(*reply, kConfigPath);
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
  const auto reply = front.ask("OPTIONS", kSessionPath, preflight_headers(front), 204,
                               "let what stands in front pass on OPTIONS");
  if (!reply || !front.has_cors(*reply, kSessionPath)) return false;
  if (!front.lists(*reply, kSessionPath, "Access-Control-Allow-Methods", {"DELETE"})) return false;
  constexpr std::string_view kHeaders = "Access-Control-Allow-Headers";
  if (!front.lists(*reply, kSessionPath, kHeaders, {"content-type", "x-portero"})) return false;
  return !front.site.cross_site ||
         front.lists(*reply, kSessionPath, kHeaders, {"authorization", "dpop"});
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

bool check_front(const CheckInput& input, const Site& site, Report& report) {
  bool is_silent = false;
  const Front front{input, site, report, is_silent};
  if (check_config(front) && check_preflight(front) && check_session(front) && check_host(front) &&
      check_key(front)) {
    report.ok(front.url("") + " for " + site.origin +
              ": config, preflight and session arrive whole");
  }
  return !is_silent;
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
