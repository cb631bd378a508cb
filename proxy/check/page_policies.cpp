#include "proxy/check/page_policies.h"

#include "proxy/base/text.h"
#include "proxy/base/url.h"
#include "proxy/check/policy.h"
#include "proxy/check/visit.h"
#include "proxy/site/page_policy.h"
#include "wasm/protocol.h"

namespace portero {
namespace {

struct Judging {
  const std::string& policy;
  const CheckedPage& page;
  Report& report;

  [[nodiscard]] std::string at() const {
    return page.site.redirect_uri + ": its Content-Security-Policy ";
  }
  [[nodiscard]] std::string page_origin() const { return std::string(origin_of(page.url)); }

  [[nodiscard]] bool allows(std::string_view directive, std::string_view url) const {
    return allows_url(policy, directive, url, page_origin());
  }

  /// What to write for a file: 'self' or its origin.
  [[nodiscard]] std::string source_of(std::string_view url) const {
    return origin_of(url) == page_origin() ? "'self'" : std::string(origin_of(url));
  }
};

/// The proxy's calls, and portero.wasm, which is fetched.
void check_calls(const Judging& judging, const PageFiles& files, const std::string& proxy) {
  const bool calls = judging.allows("connect-src", proxy + std::string(kConfigPath)) &&
                     judging.allows("connect-src", proxy + std::string(kSessionPath));
  const bool fetches = files.wasm.empty() || judging.allows("connect-src", files.wasm);
  if (calls && fetches) return;
  std::string missing = calls ? "" : " " + std::string(origin_of(proxy));
  const bool is_same = !calls && origin_of(files.wasm) == origin_of(proxy);
  if (!fetches && !is_same) missing += " " + judging.source_of(files.wasm);
  const std::string what = calls     ? "portero.wasm"
                           : fetches ? "calls to the proxy"
                                     : "calls to the proxy and portero.wasm";
  judging.report.fail(judging.at() + "blocks " + what + "; add to connect-src:" + missing);
}

void check_scripts(const Judging& judging, const PageFiles& files) {
  if (files.script.empty()) return;
  const PolicyScript first{.url = files.script, .nonce = files.nonce, .integrity = files.integrity};
  const PolicyScript second{
      .url = files.index, .nonce = files.nonce, .integrity = "", .is_import = true};
  const std::string origin = judging.page_origin();
  const bool loads = allows_script(judging.policy, first, origin);
  if (loads && (files.index.empty() || allows_script(judging.policy, second, origin))) return;
  const bool is_strict = lower(judging.policy).find("'strict-dynamic'") != std::string::npos;
  judging.report.fail(
      judging.at() + "blocks " + (loads ? "index.js, which portero.js loads" : "portero.js") +
      "; " +
      (is_strict ? "give its tag the nonce of the policy: 'strict-dynamic' ignores addresses"
                 : "add to script-src: " + judging.source_of(files.script)));
}

/// Which of GitHub's avatar origins it is cannot be asked, so one that is missing is a warning.
void check_avatars(const Judging& judging, const std::string& github_url) {
  std::string missing;
  bool shows_any = false;
  for (const std::string& origin : avatar_origins(github_url)) {
    const bool shows = judging.allows("img-src", origin + "/u/1");
    shows_any = shows_any || shows;
    if (!shows) missing += " " + origin;
  }
  if (missing.empty()) return;
  if (!shows_any) {
    return judging.report.fail(judging.at() +
                               "blocks the visitor's avatar; add to img-src:" + missing);
  }
  judging.report.warn(judging.at() +
                      "blocks avatars if GitHub keeps them elsewhere on this server; add to "
                      "img-src:" +
                      missing);
}

}  // namespace

std::vector<PagePolicy> find_policies(const std::vector<Header>& headers,
                                      const Document& document) {
  std::vector<PagePolicy> policies;
  for (const std::string& line : values_of(headers, "Content-Security-Policy")) {
    for (std::string& policy : split_policies(line)) policies.push_back({std::move(policy)});
  }
  for (const std::string& text : document.policies) {
    for (std::string& policy : split_policies(text)) policies.push_back({std::move(policy), true});
  }
  return policies;
}

void check_policies(const CheckedPage& page, const PageFiles& files, const Settings& settings,
                    Report& report) {
  const std::string& proxy = settings.public_url.empty() ? page.site.origin : settings.public_url;
  for (const std::string& text : page.document.policies) {
    if (text.find(',') == std::string::npos) continue;
    report.warn(page.site.redirect_uri +
                ": has a comma in a <meta> policy: Chromium reads two policies there, Firefox one; "
                "write a <meta> for each");
  }
  for (const auto& [policy, is_meta] : page.policies) {
    const Judging judging{policy, page, report};
    if (!is_meta && !allows_scripts_and_origin(policy)) {
      report.fail(judging.at() +
                  "puts the page into a sandbox; remove `sandbox`, or add allow-scripts and "
                  "allow-same-origin");
    }
    check_calls(judging, files, proxy);
    check_scripts(judging, files);
    if (!allows_wasm(policy)) {
      report.fail(judging.at() + "blocks WebAssembly; add to script-src: 'wasm-unsafe-eval'");
    }
    check_avatars(judging, settings.github.url);
  }
}

}  // namespace portero
