#include "proxy/check/pages.h"

#include "proxy/base/http.h"
#include "proxy/base/url.h"
#include "proxy/check/policy.h"
#include "proxy/check/upstream.h"
#include "proxy/site/page_policy.h"

namespace portero {
namespace {

constexpr int kOk = 200;
constexpr int kRedirect = 300;
constexpr int kClientError = 400;

/// Which of GitHub's avatar origins it is cannot be asked, so one that is missing is a warning.
void check_avatars(const std::string& policy, const Settings& settings, const Site& site,
                   Report& report) {
  const std::vector<std::string> origins = avatar_origins(settings.github.url);
  std::string missing;
  bool shows_any = false;
  for (const std::string& origin : origins) {
    const bool shows = allows_origin(policy, "img-src", origin, site.origin);
    shows_any = shows_any || shows;
    if (!shows) missing += " " + origin;
  }
  if (missing.empty()) return;
  const std::string at = site.redirect_uri + ": its Content-Security-Policy ";
  if (!shows_any) {
    return report.fail(at + "blocks the visitor's avatar; add to img-src:" + missing);
  }
  report.warn(at + "blocks avatars if GitHub keeps them elsewhere on this server; add " +
              "to img-src:" + missing);
}

void check_policy(const std::string& policy, const Settings& settings, const Site& site,
                  Report& report) {
  const std::string at = site.redirect_uri + ": its Content-Security-Policy ";
  const std::string proxy(
      origin_of(settings.public_url.empty() ? site.origin : settings.public_url));
  if (!allows_origin(policy, "connect-src", proxy, site.origin)) {
    report.fail(at + "blocks calls to the proxy; add to connect-src: " + proxy);
  }
  if (!allows_wasm(policy)) {
    report.fail(at + "blocks WebAssembly; add to script-src: 'wasm-unsafe-eval'");
  }
  check_avatars(policy, settings, site, report);
}

bool check_status(const UpstreamReply& page, const Site& site, Report& report) {
  if (page.status == kOk) return true;
  const bool redirects = page.status >= kRedirect && page.status < kClientError;
  const std::string* to = redirects ? find_header(page.headers, "Location") : nullptr;
  report.fail(site.redirect_uri + ": answers " + std::to_string(page.status) +
              (to != nullptr ? "; set redirect_uri to where it leads, and register that at GitHub"
                             : "; put the page there, or correct redirect_uri"));
  return false;
}

}  // namespace

void check_page(const CheckInput& input, const Site& site, Report& report) {
  const Result<UpstreamReply> page =
      input.begin_public()({.method = "GET",
                            .url = site.redirect_uri,
                            .headers = {{"Accept", "text/html"}, {"User-Agent", "portero check"}},
                            .body = ""});
  if (!page && page.error() == Error::kUpstreamUnreachable) {
    return report.warn(site.redirect_uri +
                       ": cannot be reached from here, so its policy was not read; open it in a "
                       "browser and read the console");
  }
  if (!page) return report.fail(site.redirect_uri + ": " + describe_silence(page.error()));
  if (!check_status(*page, site, report)) return;
  const bool failed = report.failed;
  report.failed = false;
  const std::vector<std::string> policies = find_policies(*page);
  for (const std::string& policy : policies) {
    check_policy(policy, input.read.settings, site, report);
  }
  if (!report.failed) {
    report.ok(site.redirect_uri + (policies.empty() ? " is there, without a policy"
                                                    : " is there, and its policy lets it work"));
  }
  report.failed = report.failed || failed;
}

}  // namespace portero
