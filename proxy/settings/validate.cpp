#include "proxy/settings/validate.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>

#include "proxy/base/text.h"
#include "proxy/base/time.h"
#include "proxy/base/url.h"
#include "proxy/settings/github_app.h"

namespace portero {
namespace {

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

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

/// A URL that may be called: https, or http on loopback; printable, without query or fragment.
bool is_upstream(std::string_view url) {
  if (!is_printable(url) || url.find_first_of("?#\\") != std::string_view::npos) return false;
  if (!is_serialised_origin(origin_of(url))) return false;
  return url.starts_with("https://") || is_loopback_url(url);
}

void validate_redirect_uri(const Site& site, const std::string& at, Findings& findings) {
  const std::string key = at + ".redirect_uri";
  const std::string& uri = site.redirect_uri;
  if (uri.empty()) {
    findings.mistake(key, "is missing",
                     "write the page's address, as registered at GitHub: " + site.origin + "/");
  } else if (!uri.starts_with(site.origin + "/")) {
    findings.mistake(key, "does not start with its origin",
                     "write an address that starts with " + site.origin + "/");
  } else if (!is_printable(uri) || uri.find_first_of("#\\") != std::string::npos) {
    findings.mistake(key, "holds a fragment, a backslash, a space or a character beyond ASCII",
                     "write the plain address, percent-encoded, without #");
  }
}

void validate_origin(const Site& site, const std::string& at, Findings& findings) {
  if (!is_serialised_origin(site.origin)) {
    findings.mistake(at, "is not an origin as a browser writes it",
                     "write https://host or https://host:port, lower case, without path, "
                     "wildcard or default port");
  } else if (!site.origin.starts_with("https://") && !is_loopback_url(site.origin)) {
    findings.mistake(at, "is http", "write https; http is for localhost, 127.0.0.1 and [::1]");
  } else {
    validate_redirect_uri(site, at, findings);
  }
}

void validate_site(const Site& site, Findings& findings) {
  const std::string at = "origins[" + site.origin + "]";
  validate_origin(site, at, findings);
  if (!is_client_id(site.client_id)) {
    findings.mistake("client_id", "is not a client id", "copy it from the app's page at GitHub");
  }
  if (!is_scope(site.scope)) {
    findings.mistake("scope", "is not a list of scopes", "write names with one space between");
  }
}

void validate_sites(const Settings& settings, Findings& findings) {
  if (settings.sites.empty()) {
    findings.mistake("origins", "is missing",
                     R"(write {"https://page.example": {"redirect_uri": )"
                     R"("https://page.example/"}}, or PORTERO_ORIGINS=https://page.example/)");
  }
  std::map<std::string, std::string> seen;  // origin by authority
  bool lacks_id = false;
  bool lacks_secret = false;
  for (const Site& site : settings.sites) {
    validate_site(site, findings);
    lacks_id = lacks_id || site.client_id.empty();
    lacks_secret = lacks_secret || (!site.client_id.empty() && site.client_secret.empty());
    const auto [first, is_new] =
        seen.try_emplace(std::string(authority_of(site.origin)), site.origin);
    if (!is_new) {
      findings.mistake("origins[" + site.origin + "]",
                       "has the same host and port as " + first->second, "keep one of the two");
    }
  }
  if (lacks_id || lacks_secret) validate_app(lacks_id ? "" : "set", lacks_secret, findings);
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

/// Port 0 is whichever is free, so it may stand in both.
void validate_listening(const Settings& settings, Findings& findings) {
  const std::string& internal = settings.internal_listen;
  if (!is_listen(settings.listen)) {
    findings.mistake("listen", "is not an address and port",
                     "write 127.0.0.1:8080, [::1]:8080 or unix:/path");
  }
  if (!internal.empty() && !is_listen(internal)) {
    findings.mistake("internal_listen", "is not an address and port",
                     "write 127.0.0.1:9090 or unix:/path, or nothing");
  } else if (internal == settings.listen && !internal.ends_with(":0")) {
    findings.mistake("internal_listen", "is the same as listen", "write another port, or nothing");
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

void validate_github(const GithubSettings& github, Findings& findings) {
  constexpr std::string_view kNotHttps = "is not an https address";
  constexpr std::string_view kFix = "write https://HOST (http passes on loopback only)";
  if (origin_of(github.url) != github.url || !is_upstream(github.url)) {
    findings.mistake("github.url", kNotHttps, kFix);
  } else if (!is_upstream(github.api_url) || github.api_url.ends_with('/')) {
    findings.mistake("github.api_url", kNotHttps,
                     "write https://HOST or https://HOST/PATH, without a slash at the end");
  }
  if (github.issuer.empty()) {
    findings.mistake("github.issuer", "is empty", "remove it: it follows from github.url");
  }
  std::error_code error;
  if (!github.ca_file.empty() && !std::filesystem::is_regular_file(github.ca_file, error)) {
    findings.mistake("github.ca_file", "does not exist", "name a PEM file");
  }
}

}  // namespace

void validate_app(const std::string& client_id, bool lacks_secret, Findings& findings) {
  if (client_id.empty()) {
    findings.mistake("client_id", "is missing",
                     "register an OAuth app at GitHub (Settings, Developer settings) and write its "
                     "client id");
  }
  if (lacks_secret) {
    findings.mistake("client_secret_file", "is missing or holds no secret",
                     "put the client secret into a file, mode 0600, and name it here; or set "
                     "PORTERO_CLIENT_SECRET");
  }
}

Problem make_public_url_problem() {
  return {"public_url", "is not set, so pages of other sites cannot sign in",
          "write where pages reach this proxy, https://HOST, or \"cross_site\": false for each "
          "origin"};
}

void validate_settings(const Settings& settings, Findings& findings) {
  validate_sites(settings, findings);
  warn_of_scopes(settings.sites, findings);
  validate_github(settings.github, findings);
  validate_listening(settings, findings);
  std::error_code error;
  if (!settings.public_url.empty() && !is_upstream(settings.public_url)) {
    findings.mistake("public_url", "is not an https address", "write https://HOST");
  }
  if (!settings.static_dir.empty() && !std::filesystem::is_directory(settings.static_dir, error)) {
    findings.mistake("static_dir", "is not a directory", "name the directory of the page's files");
  }
  if (settings.session.idle >= settings.session.lifetime) {
    findings.mistake("session.idle", "is not shorter than session.lifetime",
                     "write a shorter one, or 0");
  }
  validate_not_before(settings.session, findings);
  if (settings.session_keys_file.empty()) {
    findings.mistake("session_keys_file", "is missing",
                     "run `portero keygen portero-keys.json` and write its path here");
  }
}

}  // namespace portero
