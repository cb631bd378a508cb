#include "proxy/check/policy.h"

#include <algorithm>
#include <initializer_list>
#include <optional>

#include "proxy/base/text.h"
#include "proxy/base/url.h"
#include "proxy/check/address.h"

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

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::string_view word = take_word(text); !word.empty(); word = take_word(text)) {
    words.push_back(word);
  }
  return words;
}

using Sources = std::vector<std::string_view>;

/// What a directive names; nullopt: it is not there. The first of a name counts.
std::optional<Sources> find_directive(std::string_view policy, std::string_view directive) {
  while (!policy.empty()) {
    std::string_view rest = take_part(policy, ';');
    if (equals_ignoring_case(take_word(rest), directive)) return words_of(rest);
  }
  return std::nullopt;
}

/// Of the first of these directives that is there.
std::optional<Sources> find_sources(std::string_view policy,
                                    std::initializer_list<std::string_view> directives) {
  for (const std::string_view directive : directives) {
    if (std::optional<Sources> sources = find_directive(policy, directive)) return sources;
  }
  return std::nullopt;
}

struct SourceHost {
  std::string scheme;
  std::string host;
  std::string port;       // empty: the scheme's own
  std::string_view path;  // its case counts
};

SourceHost split_source(std::string_view source) {
  SourceHost parts;
  const std::size_t scheme = source.find("://");
  if (scheme != std::string_view::npos) {
    parts.scheme = lower(source.substr(0, scheme));
    source.remove_prefix(scheme + 3);
  }
  const std::string_view authority = source.substr(0, source.find('/'));
  parts.path = source.substr(authority.size());
  const std::size_t colon = authority.rfind(':');
  const bool has_port = colon != std::string_view::npos && !authority.ends_with(']');
  parts.host = lower(authority.substr(0, has_port ? colon : authority.size()));
  if (has_port) parts.port = authority.substr(colon + 1);
  return parts;
}

/// A policy that names http means https, too.
bool matches_scheme(std::string_view named, std::string_view asked) {
  return named == asked || (named == "http" && asked == "https");
}

/// CSP 3 §6.7.2.10. 80 for https is what a page that moved to https still names.
bool matches_port(std::string_view named, const SourceHost& asked) {
  if (named == "*" || named == asked.port) return true;
  const std::string_view usual = asked.scheme == "https" ? "443" : "80";
  return asked.port.empty() && (named == usual || named == "80");
}

/// CSP 3 §6.7.2.12, escapes compared as written: "" and "/" are any path, "/a/" what lies below.
bool matches_path(std::string_view named, std::string_view asked) {
  named = without_query(named);
  if (named.empty() || named == "/") return true;
  return named.ends_with('/') ? asked.starts_with(named) : asked == named;
}

/// CSP 3 §6.7.2.8.
bool matches(std::string_view source, std::string_view url, std::string_view page_origin) {
  if (source == "*") return true;
  if (equals_ignoring_case(source, "'self'")) return origin_of(url) == page_origin;
  const SourceHost asked = split_source(without_query(url));
  if (source.ends_with(':')) {
    return matches_scheme(lower(source.substr(0, source.size() - 1)), asked.scheme);
  }
  const SourceHost named = split_source(source);
  const std::string own = split_source(page_origin).scheme;
  if (!matches_scheme(named.scheme.empty() ? own : named.scheme, asked.scheme)) return false;
  if (!matches_port(named.port, asked) || !matches_path(named.path, asked.path)) return false;
  if (named.host == "*") return true;
  if (named.host.starts_with("*.")) return asked.host.ends_with(named.host.substr(1));
  return named.host == asked.host;
}

bool match_any(const Sources& sources, std::string_view url, std::string_view page_origin) {
  return std::any_of(sources.begin(), sources.end(),
                     [&](std::string_view source) { return matches(source, url, page_origin); });
}

bool names(const Sources& sources, std::string_view keyword) {
  return std::any_of(sources.begin(), sources.end(), [&](std::string_view source) {
    return equals_ignoring_case(source, keyword);
  });
}

/// 'nonce-…' and 'sha384-…', whose case counts.
bool names_secret(const Sources& sources, std::string_view text) {
  const std::string quoted = "'" + std::string(text) + "'";
  return std::find(sources.begin(), sources.end(), quoted) != sources.end();
}

/// CSP 3 §6.7.2.3: each of the script's hashes must be named.
bool names_integrity(const Sources& sources, std::string_view integrity) {
  const Sources hashes = words_of(integrity);
  return !hashes.empty() && std::all_of(hashes.begin(), hashes.end(), [&](std::string_view hash) {
    return names_secret(sources, without_query(hash));
  });
}

}  // namespace

std::vector<std::string> split_policies(std::string_view line) {
  std::vector<std::string> policies;
  for (const std::string_view policy : split(line, ',')) {
    if (policy.find_first_not_of(kBlank) != std::string_view::npos) policies.emplace_back(policy);
  }
  return policies;
}

bool allows_url(std::string_view policy, std::string_view directive, std::string_view url,
                std::string_view page_origin) {
  const std::optional<Sources> sources = find_sources(policy, {directive, "default-src"});
  return !sources || match_any(*sources, url, page_origin);
}

bool allows_wasm(std::string_view policy) {
  const std::optional<Sources> sources = find_sources(policy, {"script-src", "default-src"});
  return !sources || names(*sources, "'wasm-unsafe-eval'") || names(*sources, "'unsafe-eval'");
}

bool allows_base(std::string_view policy, std::string_view url, std::string_view page_origin) {
  const std::optional<Sources> sources = find_directive(policy, "base-uri");
  return !sources || match_any(*sources, url, page_origin);
}

bool allows_script(std::string_view policy, const PolicyScript& script,
                   std::string_view page_origin) {
  const std::optional<Sources> sources =
      find_sources(policy, {"script-src-elem", "script-src", "default-src"});
  if (!sources) return true;
  if (!script.nonce.empty() && names_secret(*sources, "nonce-" + script.nonce)) return true;
  if (names_integrity(*sources, script.integrity)) return true;
  if (names(*sources, "'strict-dynamic'")) return script.is_import;
  return match_any(*sources, script.url, page_origin);
}

bool allows_scripts_and_origin(std::string_view policy) {
  const std::optional<Sources> flags = find_directive(policy, "sandbox");
  return !flags || (names(*flags, "allow-scripts") && names(*flags, "allow-same-origin"));
}

}  // namespace portero
