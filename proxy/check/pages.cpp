// Each page, fetched as a browser would. That it cannot be reached from here is only a warning: it
// may be on somebody's own machine, or behind a name that only visitors know.
#include "proxy/check/policy.h"
#include "proxy/check/report.h"

namespace portero {
namespace {

constexpr int kOk = 200;
constexpr int kRedirect = 300;
constexpr int kClientError = 400;

std::string origin_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  return std::string(url.substr(0, url.find('/', scheme + 3)));
}

/// Where this GitHub keeps people's pictures.
std::string pictures_of(const GithubSettings& github) {
  const bool is_cloud = github.url == "https://github.com";
  return is_cloud ? "https://avatars.githubusercontent.com" : origin_of(github.url);
}

void validate_policy(const std::string& policy, const Settings& settings, const Site& site,
                     Report& report) {
  const std::string at = site.redirect_uri + ": its Content-Security-Policy ";
  const std::string proxy =
      settings.public_url.empty() ? site.origin : origin_of(settings.public_url);
  const std::string pictures = pictures_of(settings.github);
  if (!allows_origin(policy, "connect-src", proxy, site.origin)) {
    report.fail(at + "lets it call no proxy; add to connect-src: " + proxy);
  }
  if (!allows_wasm(policy)) {
    report.fail(at + "lets it run no WebAssembly; add to script-src: 'wasm-unsafe-eval'");
  }
  if (!allows_origin(policy, "img-src", pictures, site.origin)) {
    report.fail(at + "lets it show no picture of its visitor; add to img-src: " + pictures);
  }
}

bool validate_status(const UpstreamReply& page, const Site& site, Report& report) {
  if (page.status == kOk) return true;
  const bool redirects = page.status >= kRedirect && page.status < kClientError;
  const std::string* to = redirects ? find_header(page.headers, "Location") : nullptr;
  report.fail(site.redirect_uri + ": answers " + std::to_string(page.status) +
              (to != nullptr ? "; write where it leads as redirect_uri, and register that at GitHub"
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
                       "browser and look at the console");
  }
  if (!page) return report.fail(site.redirect_uri + ": " + describe_silence(page.error()));
  if (!validate_status(*page, site, report)) return;
  const bool failed = report.failed;
  report.failed = false;
  const std::vector<std::string> policies = find_policies(*page);
  for (const std::string& policy : policies) {
    validate_policy(policy, input.read.settings, site, report);
  }
  if (!report.failed) {
    report.ok(site.redirect_uri + (policies.empty() ? " is there, without a policy"
                                                    : " is there, and its policy lets it work"));
  }
  report.failed = report.failed || failed;
}

}  // namespace portero
