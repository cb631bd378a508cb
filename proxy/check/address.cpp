#include "proxy/check/address.h"

#include <algorithm>
#include <vector>

#include "proxy/base/text.h"
#include "proxy/base/url.h"

namespace portero {
namespace {

bool is_slash(char c) { return c == '/' || c == '\\'; }

/// Without what a browser drops before it reads: control bytes and blanks at the ends, tabs and
/// line ends inside, the fragment.
std::string tidy(std::string_view text) {
  const auto is_blank = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  std::string tidied(text.substr(0, text.find('#')));
  std::erase_if(tidied, [](char c) { return c == '\t' || c == '\n' || c == '\r'; });
  return tidied;
}

/// "HTTPS" of "HTTPS://…"; empty: it begins with no scheme.
std::string_view scheme_of(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) return {};
  const std::string_view scheme = text.substr(0, colon);
  const bool is_scheme =
      (is_lower(scheme[0]) || is_upper(scheme[0])) && is_alphanumeric_or("+-.", scheme);
  return is_scheme ? scheme : std::string_view();
}

/// Printable ASCII that stands alone in a request line.
bool stays(char c) {
  return c > ' ' && c < 0x7f && std::string_view("\"<>`{}").find(c) == std::string_view::npos;
}

/// A segment that means "here" (1) or "one up" (2), its dots percent-encoded or not; 0: a name.
int dots_in(std::string_view segment) {
  int dots = 0;
  while (!segment.empty()) {
    const bool is_encoded = equals_ignoring_case(segment.substr(0, 3), "%2e");
    if (!is_encoded && segment.front() != '.') return 0;
    segment.remove_prefix(is_encoded ? 3 : 1);
    if (++dots > 2) return 0;
  }
  return dots;
}

/// A path that begins with a slash, without dot segments.
std::string resolve_dots(std::string_view path) {
  std::vector<std::string_view> kept;
  std::string_view last;
  for (const std::string_view segment : split(path.substr(1), '/')) {
    last = segment;
    const int dots = dots_in(segment);
    if (dots == 2 && !kept.empty()) kept.pop_back();
    if (dots == 0) kept.push_back(segment);
  }
  std::string resolved;
  for (const std::string_view segment : kept) resolved.append("/").append(segment);
  return dots_in(last) > 0 || kept.empty() ? resolved + "/" : resolved;
}

/// scheme://host[:port] as a browser writes it; empty: no such host.
std::string make_origin(const std::string& scheme, std::string_view authority) {
  std::string host = lower(authority);
  const std::string default_port = scheme == "https" ? ":443" : ":80";
  if (host.ends_with(default_port)) host.resize(host.size() - default_port.size());
  if (host.ends_with(':')) host.pop_back();
  std::string origin = scheme + "://" + host;
  return is_serialised_origin(origin) ? origin : "";
}

/// `rest` begins with its path, or with '?', or is empty.
std::string make_address(std::string_view origin, std::string_view rest) {
  const std::string_view written = without_query(rest);
  std::string path(written.empty() ? "/" : written);
  std::replace(path.begin(), path.end(), '\\', '/');
  return std::string(origin) + percent_encode(resolve_dots(path), stays) +
         percent_encode(rest.substr(written.size()), stays);
}

}  // namespace

std::optional<std::string> resolve_address(std::string_view base, std::string_view reference) {
  const std::string text = tidy(reference);
  const std::string own(origin_of(base).substr(0, base.find(':')));
  std::string_view rest = text;
  const std::string scheme = lower(scheme_of(rest));
  if (!scheme.empty() && scheme != "https" && scheme != "http") return std::nullopt;
  if (!scheme.empty()) rest.remove_prefix(scheme.size() + 1);
  const bool has_host = rest.size() >= 2 && is_slash(rest[0]) && is_slash(rest[1]);
  if (has_host || (!scheme.empty() && scheme != own)) {
    while (!rest.empty() && is_slash(rest.front())) rest.remove_prefix(1);
    const std::size_t end = std::min(rest.find_first_of("/\\?"), rest.size());
    const std::string origin = make_origin(scheme.empty() ? own : scheme, rest.substr(0, end));
    if (origin.empty()) return std::nullopt;
    return make_address(origin, rest.substr(end));
  }
  const std::string_view origin = origin_of(base);
  const std::string_view path = without_query(target_of(base));
  if (rest.empty()) return make_address(origin, target_of(base));
  if (is_slash(rest.front())) return make_address(origin, rest);
  if (rest.front() == '?') return make_address(origin, std::string(path).append(rest));
  std::string beside(path.substr(0, path.rfind('/') + 1));
  if (beside.empty()) beside = "/";
  return make_address(origin, beside.append(rest));
}

std::string_view without_query(std::string_view address) {
  return address.substr(0, address.find('?'));
}

std::string_view query_of(std::string_view address) {
  const std::string_view rest = address.substr(without_query(address).size());
  return rest.empty() ? rest : rest.substr(1);
}

std::string_view target_of(std::string_view address) {
  return address.substr(origin_of(address).size());
}

}  // namespace portero
