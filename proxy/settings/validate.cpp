#include "proxy/settings/validate.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>

#include "proxy/base/http.h"
#include "proxy/base/private_file.h"
#include "proxy/base/text.h"
#include "proxy/base/time.h"
#include "proxy/base/url.h"
#include "proxy/settings/github_app.h"
#include "proxy/settings/judge_url.h"
#include "proxy/settings/secret_file.h"

namespace portero {
namespace {

/// What stands above the client id on the page of a GitHub App: a few digits. An old client id has
/// 20 hexadecimal ones.
bool is_app_id(std::string_view text) {
  return !text.empty() && text.size() < 12 && std::all_of(text.begin(), text.end(), is_digit);
}

bool is_client_id(std::string_view text) {
  return text.size() <= 128 && is_alphanumeric_or("._-", text);
}

/// RFC 6749 §3.3 scope tokens, one space between two; GitHub's own use no comma.
bool is_scope(std::string_view text) {
  const auto is_good = [](char c) {
    return c >= ' ' && c <= '~' && c != '"' && c != '\\' && c != ',';
  };
  return std::all_of(text.begin(), text.end(), is_good) && !text.starts_with(' ') &&
         !text.ends_with(' ') && text.find("  ") == std::string_view::npos;
}

void validate_url(std::string_view key, std::string_view url, UrlForm form, Findings& findings) {
  const UrlJudgement judged = judge_url(url, form);
  if (!judged.wrong.empty()) findings.mistake(key, judged.wrong, judged.fix);
}

/// `origin` is the site's, as it should be written. Faults of the origin are told there, not again.
void validate_redirect_uri(const Site& site, const std::string& origin, Findings& findings) {
  const std::string key = name_site(site.origin) + ".redirect_uri";
  const std::string_view written = origin_of(site.origin);
  std::string uri = site.redirect_uri;
  const std::string rest = uri.substr(std::min(written.size(), uri.size()));
  const bool is_below =
      rest.empty() || std::string_view("/?#\\").find(rest[0]) != std::string::npos;
  if (uri.starts_with(written) && is_below) uri = origin + rest;
  UrlJudgement judged = judge_url(uri, {.path = true, .query = true});
  if (judged.right.empty() || origin_of(judged.right) != origin) {
    if (judged.wrong.empty()) judged.wrong = "does not start with its origin";
    judged.fix = "write an address that starts with " + origin + "/";
  } else if (!judged.right.starts_with(origin + "/")) {
    if (judged.wrong.empty()) judged.wrong = "has no path";
    judged.fix = "write " + origin + "/" + judged.right.substr(origin.size());
  }
  if (!judged.wrong.empty()) return findings.mistake(key, judged.wrong, judged.fix);
  constexpr std::string_view kFile = "/index.html";
  const std::size_t end = path_of(uri).size();
  if (!path_of(uri).ends_with(kFile)) return;
  uri.erase(end - kFile.size() + 1, kFile.size() - 1);
  findings.warning(key, "ends in index.html, which many hosts redirect to its folder",
                   "write " + uri + " and register that at GitHub");
}

void validate_site(const Site& site, Findings& findings) {
  const UrlJudgement origin = judge_url(site.origin, {});
  if (!origin.wrong.empty()) findings.mistake(name_site(site.origin), origin.wrong, origin.fix);
  if (origin.right.empty() || site.redirect_uri.empty()) return;
  validate_redirect_uri(site, origin.right, findings);
}

/// A redirect_uri for each, and a host and port of its own.
void validate_whole_sites(const Settings& settings, Findings& findings) {
  if (settings.sites.empty()) {
    findings.mistake("origins", "is missing",
                     R"(write {"https://page.example": {"redirect_uri": )"
                     R"("https://page.example/"}}, or PORTERO_ORIGINS=https://page.example/)");
  }
  std::map<std::string, std::string> seen;  // origin by authority
  for (const Site& site : settings.sites) {
    if (site.redirect_uri.empty()) {
      const std::string origin = judge_url(site.origin, {}).right;
      findings.mistake(name_site(site.origin) + ".redirect_uri", "is missing",
                       "write the page's address, as registered at GitHub" +
                           (origin.empty() ? "" : ": " + origin + "/"));
    }
    const std::string authority(authority_of(site.origin));
    if (authority.empty()) continue;
    const auto [first, is_new] = seen.try_emplace(authority, site.origin);
    if (is_new) continue;
    findings.mistake(name_site(site.origin), "has the same host and port as " + first->second,
                     "keep one of the two");
  }
}

bool is_listen(std::string_view text) {
  if (text.starts_with("unix:/")) return text.size() < sizeof("unix:") + 107;
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return false;
  const bool is_port = read_number(text.substr(colon + 1), 0, 65535).has_value();
  std::string address(text.substr(0, colon));
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  if (!is_port || address == "localhost") return is_port;
  if (!address.starts_with('[')) return inet_pton(AF_INET, address.c_str(), bytes.data()) == 1;
  if (!address.ends_with(']')) return false;
  address = address.substr(1, address.size() - 2);
  return inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1;
}

void validate_listening(const Settings& settings, Findings& findings) {
  if (!is_listen(settings.listen)) {
    findings.mistake("listen", "is not an address and port",
                     "write 127.0.0.1:8080, [::1]:8080 or unix:/path");
  }
  if (!settings.internal_listen.empty() && !is_listen(settings.internal_listen)) {
    findings.mistake("internal_listen", "is not an address and port",
                     "write 127.0.0.1:9090 or unix:/path, or nothing");
  }
}

/// One in the future would end each new session at once: nobody could sign in.
void validate_not_before(const SessionSettings& session, Findings& findings) {
  constexpr std::string_view kFuture = "is later than this machine's clock";
  constexpr std::string_view kFix = "write now or earlier (`date +%s` is now), or set the clock";
  const Timestamp now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  if (session.not_before > now) findings.mistake("session.not_before", kFuture, kFix);
  for (const auto& [subject, timestamp] : session.subjects_not_before) {
    if (timestamp <= now) continue;
    findings.mistake("session.subjects_not_before[" + std::to_string(subject) + "]", kFuture, kFix);
  }
}

void validate_ca_file(const std::string& path, Findings& findings) {
  constexpr std::size_t kMost = std::size_t{4} << 20U;
  const Result<std::string, Problem> text = read_small_file(path, kMost);
  if (!text) {
    findings.mistake("github.ca_file", path + " " + text.error().wrong, "name a PEM file");
  } else if (text->find("CERTIFICATE-----") == std::string::npos) {
    findings.mistake("github.ca_file", "holds no certificate: " + path,
                     "name a PEM file, with lines BEGIN CERTIFICATE");
  }
}

void validate_proxy(const GithubSettings& github, Findings& findings) {
  UrlJudgement judged = judge_url(github.proxy, {.forward_proxy = true});
  if (judged.wrong.empty()) return;
  if (github.proxy.find('@') != std::string::npos) {
    judged.fix +=
        ", and put user:password into a file of its own, mode 0600, named in "
        "github.proxy_credentials_file";
  }
  findings.mistake("github.proxy", judged.wrong, judged.fix);
}

void validate_github(const GithubSettings& github, Findings& findings) {
  validate_url("github.url", github.url, {}, findings);
  validate_url("github.api_url", github.api_url, {.path = true}, findings);
  if (github.issuer.empty()) {
    findings.mistake("github.issuer", "is empty", "remove it: it follows from github.url");
  } else {
    validate_url("github.issuer", github.issuer, {.path = true}, findings);
  }
  if (!github.ca_file.empty()) validate_ca_file(github.ca_file, findings);
  if (!github.proxy.empty()) validate_proxy(github, findings);
  if (github.proxy.empty() && !github.proxy_credentials.empty()) {
    findings.warning("github.proxy_credentials_file", "is not used: github.proxy is not set", "");
  }
}

}  // namespace

void validate_client_id(std::string_view key, std::string_view client_id, Findings& findings) {
  if (looks_like_secret(client_id)) {
    findings.mistake(key, "looks like a client secret, and a client id is shown to everybody",
                     "write the client id there, and make a new secret if this one was shown");
  } else if (is_app_id(client_id)) {
    findings.mistake(key, "is a number, as the App ID of a GitHub App is",
                     "copy the client ID, which stands below it");
  } else if (!is_client_id(client_id)) {
    findings.mistake(key, "is not a client id", "copy it from the app's page at GitHub");
  }
}

void validate_scope(std::string_view key, std::string_view scope, Findings& findings) {
  if (is_scope(scope)) return;
  findings.mistake(key, "is not a list of scopes", "write names with one space between");
}

void validate_app(bool lacks_id, bool lacks_secret, Findings& findings) {
  if (lacks_id) {
    findings.mistake("client_id", "is missing",
                     "register an OAuth app at GitHub (Settings, Developer settings) and write its "
                     "client id");
  }
  if (lacks_secret) {
    findings.mistake("client_secret_file", "is missing",
                     "put the client secret into a file, mode 0600, and name it here; or set "
                     "PORTERO_CLIENT_SECRET");
  }
}

bool lacks_public_url(const Settings& settings) {
  const bool serves_the_only_page = !settings.static_dir.empty() && settings.sites.size() == 1;
  if (!settings.public_url.empty() || serves_the_only_page) return false;
  return std::any_of(settings.sites.begin(), settings.sites.end(), [](const Site& site) {
    return site.cross_site && !is_loopback_url(site.origin);
  });
}

Problem make_public_url_problem() {
  return {"public_url", "is not set, so pages of other sites cannot sign in",
          "write where pages reach this proxy, https://HOST, or \"cross_site\": false for each "
          "origin"};
}

void validate_values(const Settings& settings, Findings& findings) {
  for (const Site& site : settings.sites) validate_site(site, findings);
  warn_of_scopes(settings.sites, findings);
  validate_github(settings.github, findings);
  validate_listening(settings, findings);
  if (!settings.public_url.empty()) {
    validate_url("public_url", settings.public_url, {.path = true}, findings);
  }
  std::error_code error;
  if (!settings.static_dir.empty() && !std::filesystem::is_directory(settings.static_dir, error)) {
    findings.mistake("static_dir", "is not a directory: " + settings.static_dir,
                     "name the directory of the page's files");
  }
  validate_not_before(settings.session, findings);
}

void validate_whole(const Settings& settings, const SettingNames& told, Findings& findings) {
  validate_whole_sites(settings, findings);
  const std::string& internal = settings.internal_listen;
  // Port 0 is whichever is free, so it may stand in both.
  if (!internal.empty() && internal == settings.listen && !internal.ends_with(":0") &&
      !told.contains("listen")) {
    findings.mistake("internal_listen", "is the same as listen", "write another port, or nothing");
  }
  if (settings.session.idle >= settings.session.lifetime && !told.contains("session.lifetime")) {
    findings.mistake("session.idle", "is not shorter than session.lifetime",
                     "write a shorter one, or 0");
  }
  if (settings.session.idle.count() > 0 && !settings.policies.empty()) {
    findings.warning("session.idle",
                     "ends the sessions of visitors who open only what a policy guards: a check "
                     "renews nothing",
                     "write 0: the policy's max_age ends its sessions, too");
  }
  if (settings.session_keys_file.empty()) {
    findings.mistake("session_keys_file", "is missing",
                     "run `portero keygen portero-keys.json` and write its path here");
  }
}

}  // namespace portero
