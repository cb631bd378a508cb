#include "proxy/base/url.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <string>

#include "proxy/base/text.h"

namespace portero {
namespace {

constexpr std::string_view kHttps = "https://";
constexpr std::string_view kHttp = "http://";

/// What follows "https://" or "http://"; empty for anything else.
std::string_view after_scheme(std::string_view url) {
  if (url.starts_with(kHttps)) return url.substr(kHttps.size());
  if (url.starts_with(kHttp)) return url.substr(kHttp.size());
  return {};
}

bool is_host_character(char c) { return is_lower(c) || is_digit(c) || c == '-' || c == '_'; }

bool is_all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

/// A decimal port without leading zero, 1-65535.
bool is_port(std::string_view text) {
  return !text.starts_with('0') && read_number(text, 1, 65535).has_value();
}

/// True when the address is written the one way a browser writes it.
bool is_canonical_address(int family, const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  std::array<char, INET6_ADDRSTRLEN> written{};
  if (inet_pton(family, text.c_str(), bytes.data()) != 1) return false;
  if (inet_ntop(family, bytes.data(), written.data(), written.size()) == nullptr) return false;
  return text == written.data();
}

/// Browsers read a host whose last label is a number (also 0x…) as an IPv4 address.
bool is_host_name(std::string_view host) {
  if (host.empty() || host.size() > 253) return false;
  std::string_view rest = host;
  for (;;) {
    const std::size_t dot = rest.find('.');
    const std::string_view label = rest.substr(0, dot);
    if (label.empty() || label.size() > 63) return false;
    if (!std::all_of(label.begin(), label.end(), is_host_character)) return false;
    if (dot != std::string_view::npos) {
      rest.remove_prefix(dot + 1);
      continue;
    }
    if (!is_all_digits(label) && !label.starts_with("0x")) return true;
    return is_canonical_address(AF_INET, std::string(host));
  }
}

bool is_host(std::string_view host) {
  if (!host.starts_with('[')) return is_host_name(host);
  // Browsers write a mapped IPv4 address in hex, inet_ntop in dots: nobody needs one.
  if (!host.ends_with(']') || host.find('.') != std::string_view::npos) return false;
  return is_canonical_address(AF_INET6, std::string(host.substr(1, host.size() - 2)));
}

/// Where the host ends in an authority without user: at its port's colon, or its end.
std::size_t host_end(std::string_view authority) {
  const std::size_t bracket = authority.find(']');
  const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  return std::min(colon, authority.size());
}

}  // namespace

std::string_view origin_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return url;
  return url.substr(0, url.find_first_of("/?#", scheme + 3));
}

std::string_view authority_of(std::string_view url) { return after_scheme(origin_of(url)); }

std::string_view host_of(std::string_view url) {
  const std::string_view authority = authority_of(url);
  const std::string_view host = authority.substr(0, host_end(authority));
  return host.starts_with('[') ? host.substr(1, host.find(']') - 1) : host;
}

bool is_serialised_origin(std::string_view text) {
  const std::string_view authority = after_scheme(text);
  const std::size_t end = host_end(authority);
  if (!is_host(authority.substr(0, end))) return false;
  if (end == authority.size()) return true;
  const std::string_view port = authority.substr(end + 1);
  const std::string_view default_port = text.starts_with(kHttps) ? "443" : "80";
  return is_port(port) && port != default_port;
}

std::string origin_of_host(std::string_view scheme, std::string_view host) {
  const std::string_view default_port = scheme == kHttps ? ":443" : ":80";
  if (host.substr(host_end(host)) == default_port) host.remove_suffix(default_port.size());
  return std::string(scheme) + lower(host);
}

bool names_authority(std::string_view host, std::string_view origin) {
  return origin == origin_of_host(origin.starts_with(kHttps) ? kHttps : kHttp, host);
}

std::string percent_encode(std::string_view text, bool (*stays)(char c)) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (stays(c)) {
      encoded += c;
    } else {
      encoded.append({'%', kDigits[byte >> 4U], kDigits[byte & 15U]});
    }
  }
  return encoded;
}

bool is_loopback_url(std::string_view url) {
  const std::string_view authority = authority_of(url);
  const std::size_t end = host_end(authority);
  if (end < authority.size() && !is_port(authority.substr(end + 1))) return false;
  const std::string_view host = authority.substr(0, end);
  return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

}  // namespace portero
