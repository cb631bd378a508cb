// Takes the address apart the lenient way a reader would, notes what is wrong with each part, and
// puts the parts together again as a browser writes them.
#include "proxy/settings/judge_url.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <vector>

#include "proxy/base/text.h"
#include "proxy/base/url.h"

namespace portero {
namespace {

/// The address while its parts are judged.
struct Parts {
  std::string_view rest;  // what was not taken off yet
  std::string scheme = "https";
  std::string host;
  std::string port;  // with its colon; empty: the default one
  std::string path;
  bool has_scheme = true;
  std::vector<std::string> faults;
  std::string instead = {};  // how to find the right address, when it cannot be told

  void fault(std::string_view what) { faults.emplace_back(what); }
  void hopeless(std::string_view what, std::string_view fix) {
    fault(what);
    if (instead.empty()) instead = fix;
  }
};

bool has_any(std::string_view text, bool (*is)(char)) {
  return std::any_of(text.begin(), text.end(), is);
}
bool is_beyond_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }
bool is_blank_or_control(char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; }

bool stays_in_path(char c) { return !is_blank_or_control(c) && !is_beyond_ascii(c); }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank_or_control(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank_or_control(text.back())) text.remove_suffix(1);
  return text;
}

/// "https:login.example", "https:/login.example", "login.example".
void take_broken_scheme(Parts& parts) {
  for (const std::string_view scheme : {"https", "http"}) {
    const std::string_view colon = parts.rest.substr(std::min(scheme.size(), parts.rest.size()));
    if (!colon.starts_with(':') || !lower(parts.rest).starts_with(scheme)) continue;
    parts.fault("less than two slashes after its scheme");
    parts.scheme = scheme;
    parts.rest = colon.substr(1);
    if (parts.rest.starts_with('/')) parts.rest.remove_prefix(1);
    return;
  }
  parts.fault("no scheme");
  parts.has_scheme = false;
  while (parts.rest.starts_with('/')) parts.rest.remove_prefix(1);
}

void take_scheme(Parts& parts, const UrlForm& form) {
  const std::string_view written = parts.rest.substr(0, parts.rest.find("://"));
  if (written == parts.rest || written.empty() || !is_alphanumeric_or("+-.", written)) {
    return take_broken_scheme(parts);
  }
  parts.rest.remove_prefix(written.size() + 3);
  const std::string scheme = lower(written);
  if (scheme != "https" && scheme != "http") {
    if (form.forward_proxy) parts.scheme = "http";
    return parts.fault(form.forward_proxy ? "a scheme that is neither http nor https"
                                          : "a scheme that is not https");
  }
  if (scheme != written) parts.fault("capital letters in its scheme");
  parts.scheme = scheme;
}

std::string_view take_authority(Parts& parts) {
  const std::size_t end = std::min(parts.rest.find_first_of("/?#"), parts.rest.size());
  std::string_view authority = parts.rest.substr(0, end);
  parts.rest.remove_prefix(end);
  const std::size_t at = authority.rfind('@');
  if (at == std::string_view::npos) return authority;
  parts.fault("a user name");
  return authority.substr(at + 1);
}

void take_port(Parts& parts, std::string_view& authority) {
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.rfind(':');
  if (colon == std::string_view::npos) return;
  if (bracket != std::string_view::npos && colon < bracket) return;
  if (bracket == std::string_view::npos && authority.find(':') != colon) return;
  const std::string_view port = authority.substr(colon + 1);
  authority = authority.substr(0, colon);
  if (port.empty()) return parts.fault("a colon without a port");
  const auto number = read_number(port, 1, 65535);
  if (!number) return parts.hopeless("a port that is no number", "write one from 1 to 65535");
  parts.port = ":" + std::to_string(*number);
  if (port.starts_with('0')) parts.fault("a port with a leading zero");
}

void judge_ipv6(Parts& parts) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  std::array<char, INET6_ADDRSTRLEN> written{};
  const std::string address = parts.host.substr(1, parts.host.size() - 2);
  const bool is_read = parts.host.ends_with(']') &&
                       inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1 &&
                       inet_ntop(AF_INET6, bytes.data(), written.data(), written.size()) != nullptr;
  if (!is_read) {
    return parts.hopeless("brackets without an IPv6 address in them", "write [ADDRESS]");
  }
  if (address == written.data()) return;
  parts.fault("an IPv6 address that is not in its shortest form");
  parts.host = "[" + std::string(written.data()) + "]";
}

void judge_host(Parts& parts, std::string_view written) {
  parts.host = lower(written);
  if (written.empty()) return parts.hopeless("no host", "write https://HOST");
  if (parts.host != written) parts.fault("capital letters in its host");
  if (has_any(written, is_beyond_ascii)) {
    return parts.hopeless("a host with characters beyond ASCII",
                          "write its ASCII form, xn--…: `new URL(ADDRESS).host` in a browser's "
                          "console says it");
  }
  if (parts.host.starts_with('[')) return judge_ipv6(parts);
  if (parts.host.find(':') != std::string::npos) {
    return parts.hopeless("an IPv6 address without brackets", "write [ADDRESS]");
  }
  if (parts.host.find('*') != std::string::npos) {
    return parts.hopeless("a wildcard in its host", "write each host by itself, https://HOST");
  }
  if (parts.host.ends_with('.')) {
    parts.fault("a dot at the end of its host");
    parts.host.pop_back();
  }
}

bool is_loopback(const Parts& parts) { return is_loopback_url("http://" + parts.host); }

/// "null", "page": what might be a host needs no guess.
void judge_missing_scheme(Parts& parts, const UrlForm& form) {
  if (parts.has_scheme) return;
  parts.scheme = form.forward_proxy || is_loopback(parts) ? "http" : "https";
  if (parts.host.find('.') != std::string::npos || is_loopback(parts)) return;
  if (parts.instead.empty()) parts.instead = "write " + parts.scheme + "://HOST";
}

/// After the host is known: http passes on loopback, and each scheme hides its default port.
void judge_scheme_and_port(Parts& parts, const UrlForm& form) {
  const bool is_plain = parts.scheme == "http";
  const bool needs_tls = is_plain && !form.forward_proxy && !is_loopback(parts);
  if (form.forward_proxy) {
    if (parts.port.empty()) parts.hopeless("no port", "write http://HOST:PORT");
    return;
  }
  if (needs_tls) parts.scheme = "https";
  if (needs_tls && parts.port == ":80") parts.port.clear();
  if (parts.port != (parts.scheme == "http" ? ":80" : ":443")) return;
  parts.fault("the default port");
  parts.port.clear();
}

void judge_path(Parts& parts, const UrlForm& form) {
  const std::size_t fragment = parts.rest.find('#');
  if (fragment != std::string_view::npos) parts.fault("a fragment");
  parts.rest = parts.rest.substr(0, fragment);
  const std::size_t query = form.query ? std::string_view::npos : parts.rest.find('?');
  if (query != std::string_view::npos) parts.fault("a query");
  const std::string_view path = parts.rest.substr(0, query);
  if (!form.path) {
    if (path == "/") parts.fault("a slash at its end");
    if (path.size() > 1) parts.fault("a path");
    return;
  }
  parts.path = percent_encode(path, stays_in_path);
  if (parts.path != path) parts.fault("a blank or a character beyond ASCII in its path");
}

std::string join(const std::vector<std::string>& faults) {
  std::string text;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    if (i > 0) text += i + 1 == faults.size() ? " and " : ", ";
    text += faults[i];
  }
  return text;
}

}  // namespace

UrlJudgement judge_url(std::string_view text, UrlForm form) {
  std::string written(trim(text));
  Parts parts;
  if (written != text) parts.fault("a blank before or behind it");
  if (written.find('\\') != std::string::npos) {
    parts.fault("a backslash");
    std::replace(written.begin(), written.end(), '\\', '/');
  }
  parts.rest = written;
  take_scheme(parts, form);
  const bool was_plain = parts.scheme == "http";
  std::string_view host = take_authority(parts);
  take_port(parts, host);
  judge_host(parts, host);
  judge_missing_scheme(parts, form);
  judge_scheme_and_port(parts, form);
  judge_path(parts, form);
  const std::string bare = parts.scheme + "://" + parts.host;
  const bool is_origin = is_serialised_origin(form.forward_proxy ? bare : bare + parts.port);
  UrlJudgement judgement;
  const bool is_http = was_plain && parts.scheme == "https";
  const bool is_good = parts.faults.empty() && !is_http;
  // A password may stand there, behind too many slashes.
  const bool is_shown = is_good || parts.path.find('@') == std::string::npos;
  if (is_origin && parts.instead.empty() && is_shown) {
    judgement.right = bare + parts.port + parts.path;
  }
  if (is_http) judgement.wrong = "is http";
  if (!parts.faults.empty()) {
    judgement.wrong += (is_http ? " and has " : "has ") + join(parts.faults);
  } else if (!is_http && judgement.right != text) {
    judgement.wrong = "has a host that no browser would call";
  }
  if (judgement.wrong.empty()) return judgement;
  const std::string form_in_words = "write " + parts.scheme + "://HOST";
  judgement.fix = parts.instead.empty() ? form_in_words : parts.instead;
  if (!judgement.right.empty()) judgement.fix = "write " + judgement.right;
  return judgement;
}

}  // namespace portero
