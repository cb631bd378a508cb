#include "proxy/check/policy.h"

#include <algorithm>
#include <array>
#include <optional>

#include "proxy/base/http.h"
#include "proxy/base/text.h"

namespace portero {
namespace {

constexpr std::string_view kBlank = " \t\r\n\f";

/// Takes the next word; empty: there is none.
std::string_view take_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
  const std::string_view word = text.substr(0, text.find_first_of(kBlank));
  text.remove_prefix(word.size());
  return word;
}

/// The sources of a directive, or of default-src; nullopt: neither is there. The first counts.
std::optional<std::string> find_sources(std::string_view policy, std::string_view directive) {
  std::optional<std::string> fallback;
  while (!policy.empty()) {
    std::string_view rest = take_part(policy, ';');
    const std::string name = lower(take_word(rest));
    if (name == directive) return std::string(rest);
    if (name == "default-src" && !fallback) fallback = rest;
  }
  return fallback;
}

struct Origin {
  std::string_view scheme;
  std::string_view host;
  std::string_view port;  // empty: the scheme's own
};

Origin split_origin(std::string_view origin) {
  Origin parts;
  const std::size_t scheme = origin.find("://");
  if (scheme != std::string_view::npos) {
    parts.scheme = origin.substr(0, scheme);
    origin.remove_prefix(scheme + 3);
  }
  origin = origin.substr(0, origin.find('/'));
  const std::size_t colon = origin.rfind(':');
  const bool has_port = colon != std::string_view::npos && origin.back() != ']';
  parts.host = origin.substr(0, has_port ? colon : origin.size());
  if (has_port) parts.port = origin.substr(colon + 1);
  return parts;
}

/// CSP 3 §6.7.2.8, for sources without a path or whose path is beside the point.
bool matches(std::string_view source, std::string_view origin, std::string_view page_origin) {
  if (source == "'self'") return origin == page_origin;
  if (source == "*") return true;
  const Origin asked = split_origin(origin);
  if (source.ends_with(':')) {
    const std::string_view scheme = source.substr(0, source.size() - 1);
    return scheme == asked.scheme || (scheme == "http" && asked.scheme == "https");
  }
  const Origin named = split_origin(source);
  const std::string_view scheme =
      named.scheme.empty() ? split_origin(page_origin).scheme : named.scheme;
  if (scheme != asked.scheme && !(scheme == "http" && asked.scheme == "https")) return false;
  const bool same_port = named.port == asked.port || named.port == "*" ||
                         (named.port == "443" && asked.scheme == "https" && asked.port.empty()) ||
                         (named.port == "80" && asked.scheme == "http" && asked.port.empty());
  if (!same_port) return false;
  if (named.host.starts_with("*.")) return asked.host.ends_with(named.host.substr(1));
  return named.host == asked.host;
}

/// The few character references a policy in an attribute is written with.
std::string decode_references(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, char>, 5> kReferences = {
      {{"&#39;", '\''}, {"&#x27;", '\''}, {"&apos;", '\''}, {"&quot;", '"'}, {"&amp;", '&'}}};
  std::string decoded;
  while (!text.empty()) {
    const auto* found =
        std::find_if(kReferences.begin(), kReferences.end(),
                     [&](const auto& reference) { return text.starts_with(reference.first); });
    const bool is_reference = found != kReferences.end();
    decoded += is_reference ? found->second : text.front();
    text.remove_prefix(is_reference ? found->first.size() : 1);
  }
  return decoded;
}

/// The value of an attribute in a tag's text; empty: none. `tag` and `lowered` are the same text.
std::string attribute(std::string_view tag, std::string_view lowered, std::string_view name) {
  std::size_t at = lowered.find(name);
  if (at == std::string_view::npos) return "";
  at = tag.find_first_not_of(kBlank, at + name.size());
  if (at == std::string_view::npos || tag[at] != '=') return "";
  at = tag.find_first_not_of(kBlank, at + 1);
  if (at == std::string_view::npos) return "";
  const bool is_quoted = tag[at] == '"' || tag[at] == '\'';
  if (is_quoted) return decode_references(tag.substr(at + 1, tag.find(tag[at], at + 1) - at - 1));
  return decode_references(tag.substr(at, tag.find_first_of(kBlank, at) - at));
}

/// Where the tag that begins at `at` ends: at a `>` that no quotes hold.
std::size_t end_of_tag(std::string_view html, std::size_t at) {
  char quote = '\0';
  for (; at < html.size(); ++at) {
    const char c = html[at];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      break;
    }
  }
  return at;
}

}  // namespace

std::vector<std::string> find_policies(const UpstreamReply& page) {
  std::vector<std::string> policies;
  for (const Header& header : page.headers) {
    if (equals_ignoring_case(header.name, "content-security-policy"))
      policies.push_back(header.value);
  }
  const std::string lowered = lower(page.body);
  for (std::size_t at = lowered.find("<meta"); at != std::string::npos;) {
    const std::size_t end = end_of_tag(lowered, at);
    const std::string_view low = std::string_view(lowered).substr(at, end - at);
    const std::string_view tag = std::string_view(page.body).substr(at, end - at);
    if (equals_ignoring_case(attribute(tag, low, "http-equiv"), "content-security-policy")) {
      policies.push_back(attribute(tag, low, " content"));
    }
    at = lowered.find("<meta", end);
  }
  return policies;
}

bool allows_origin(std::string_view policy, std::string_view directive, std::string_view origin,
                   std::string_view page_origin) {
  const std::optional<std::string> sources = find_sources(policy, directive);
  if (!sources) return true;
  std::string_view rest = *sources;
  for (std::string_view word = take_word(rest); !word.empty(); word = take_word(rest)) {
    if (matches(lower(word), origin, page_origin)) return true;
  }
  return false;
}

bool allows_wasm(std::string_view policy) {
  const std::optional<std::string> sources = find_sources(policy, "script-src");
  if (!sources) return true;
  std::string_view rest = *sources;
  for (std::string_view word = take_word(rest); !word.empty(); word = take_word(rest)) {
    const std::string source = lower(word);
    if (source == "'wasm-unsafe-eval'" || source == "'unsafe-eval'") return true;
  }
  return false;
}

}  // namespace portero
