#include "proxy/check/pages.h"

#include <optional>
#include <utility>

#include "proxy/base/text.h"
#include "proxy/base/url.h"
#include "proxy/check/address.h"
#include "proxy/check/landing.h"
#include "proxy/check/page_policies.h"
#include "proxy/check/script.h"

namespace portero {
namespace {

constexpr std::string_view kNowhere = "/portero-check-no-such-page";

void fail(const Site& site, const std::string& wrong, const std::string& fix, Report& report) {
  report.fail(Problem{site.redirect_uri, wrong, fix});
}

constexpr std::string_view kXhtml = "application/xhtml+xml";

std::string essence_of(std::string_view content_type) {
  return lower(strip(content_type.substr(0, content_type.find(';'))));
}

bool is_html(std::string_view content_type) {
  const std::string type = essence_of(content_type);
  return type == "text/html" || type == kXhtml;
}

/// Whether a browser shows the answer as a page at all.
bool check_form(const UpstreamReply& page, const Site& site, Report& report) {
  const std::vector<std::string> types = values_of(page.headers, "Content-Type");
  const std::vector<std::string> dispositions = values_of(page.headers, "Content-Disposition");
  if (page.body.find_first_not_of(" \t\r\n") == std::string::npos) {
    fail(site, "answers 200 with an empty page",
         "put the page there, or let its server know this host name (Caddy answers so for a name "
         "that is not in its Caddyfile)",
         report);
  } else if (types.size() > 1) {
    fail(site, "has Content-Type " + std::to_string(types.size()) + " times",
         "let the host send it once", report);
  } else if (types.size() == 1 && !is_html(types[0])) {
    fail(site, "is sent as `" + quote(types[0]) + "`, so browsers do not show it as a page",
         "let the host send it as text/html", report);
  } else if (!dispositions.empty() && lower(dispositions[0]).starts_with("attachment")) {
    fail(site, "is sent with Content-Disposition: attachment, so browsers save it",
         "let the host send it without", report);
  } else if (is_gzip(page.body)) {
    fail(site, std::string(kGzipWrong), std::string(kGzipFix), report);
  } else {
    return true;
  }
  return false;
}

/// A host that answers every address with one page (a single-page app's) answers a mistyped one,
/// too.
void check_fallback(const CheckInput& input, const CheckedPage& page, Report& report) {
  if (target_of(page.site.redirect_uri) == "/") return;
  const Visit nowhere = visit(input, page.site.origin + std::string(kNowhere), page_headers());
  if (nowhere.silence || nowhere.reply.status != kOk || nowhere.reply.body != page.body) return;
  report.warn(
      page.site.redirect_uri +
      ": is answered with the page that this host gives for every unknown address, which is "
      "right for a single-page app only; else correct redirect_uri");
}

/// The tag names the proxy it calls. A session bound to a key is for public_url alone.
void check_proxies(const CheckedPage& page, const std::string& public_url, Report& report) {
  if (public_url.empty()) return;
  for (const std::string& written : page.document.proxies) {
    std::string proxy = resolve_address(page.url, written).value_or(written);
    while (proxy.ends_with('/')) proxy.pop_back();
    if (proxy == public_url) continue;
    report.warn(page.site.redirect_uri + ": its tag has proxy=\"" + quote(written) +
                "\", and public_url is " + public_url + "; write the same address in both");
  }
}

CheckedPage read_page(Visit visited, const Site& site) {
  CheckedPage page{
      .site = site, .url = without_answer(visited.url), .body = std::move(visited.reply.body)};
  const std::vector<std::string> types = values_of(visited.reply.headers, "Content-Type");
  const bool is_xml = types.size() == 1 && essence_of(types[0]) == kXhtml;
  page.document = read_document(page.body, is_xml);
  page.policies = find_policies(visited.reply.headers, page.document);
  for (const std::string& value : values_of(visited.reply.headers, "Refresh")) {
    if (!page.document.refresh) page.document.refresh = read_refresh(value);
  }
  return page;
}

}  // namespace

void check_page(const CheckInput& input, const Site& site, Report& report) {
  const bool failed = std::exchange(report.failed, false);
  std::optional<Visit> visited = land(input, site, report);
  const bool is_page = visited && check_form(visited->reply, site, report);
  if (is_page) {
    if (visited->reply.is_cut) {
      report.warn(site.redirect_uri +
                  ": is longer than 256 kB, so only its beginning was judged; put the policy and "
                  "portero.js first in its head");
    }
    const CheckedPage page = read_page(std::move(*visited), site);
    const PageFiles files = check_script(input, page, report);
    check_policies(page, files, input.read.settings, report);
    check_proxies(page, input.read.settings.public_url, report);
    check_fallback(input, page, report);
    if (!report.failed) {
      report.ok(site.redirect_uri + (page.policies.empty()
                                         ? " is there, without a policy"
                                         : " is there, and its policy lets it work"));
    }
  }
  report.failed = report.failed || failed;
}

}  // namespace portero
