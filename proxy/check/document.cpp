#include "proxy/check/document.h"

#include <algorithm>
#include <array>

#include "proxy/base/text.h"
#include "proxy/site/html.h"

namespace portero {
namespace {

std::string value_of(const Tag& tag, std::string_view attribute) {
  const std::string* value = tag.find(attribute);
  return value == nullptr ? "" : *value;
}

bool has(const Tag& tag, std::string_view attribute) { return tag.find(attribute) != nullptr; }

/// `language` counts where `type` is absent, as "text/…" (HTML Living Standard, 4.12.1.1).
std::string type_of(const Tag& tag) {
  if (has(tag, "type")) return lower(trim_html(value_of(tag, "type")));
  const std::string language = lower(value_of(tag, "language"));
  return language.empty() ? "" : "text/" + language;
}

ScriptTag read_script(const Tag& tag, const std::string& base) {
  return {.src = std::string(trim_html(value_of(tag, "src"))),
          .base = base,
          .nonce = value_of(tag, "nonce"),
          .integrity = value_of(tag, "integrity"),
          .type = type_of(tag),
          .nomodule = has(tag, "nomodule"),
          .is_late = has(tag, "async") || has(tag, "defer"),
          .data_wait = has(tag, "data-wait"),
          .is_cors = has(tag, "crossorigin"),
          .is_unclosed = tag.is_unclosed};
}

void read_meta(const Tag& tag, Document& document) {
  const std::string name = lower(value_of(tag, "http-equiv"));
  const std::string content = value_of(tag, "content");
  if (name == "content-security-policy" && tag.is_in_head && !trim_html(content).empty()) {
    document.policies.push_back(content);
  }
  if (name == "refresh" && !document.refresh) document.refresh = read_refresh(content);
}

bool is_javascript(std::string_view essence) {
  constexpr auto kTypes = std::to_array<std::string_view>(
      {"application/ecmascript", "application/javascript", "application/x-ecmascript",
       "application/x-javascript", "text/ecmascript", "text/javascript", "text/javascript1.0",
       "text/javascript1.1", "text/javascript1.2", "text/javascript1.3", "text/javascript1.4",
       "text/javascript1.5", "text/jscript", "text/livescript", "text/x-ecmascript",
       "text/x-javascript"});
  return std::find(kTypes.begin(), kTypes.end(), essence) != kTypes.end();
}

}  // namespace

bool ScriptTag::is_classic() const { return type.empty() || is_javascript(type); }

Document read_document(std::string_view html, bool is_xml) {
  Document document;
  std::string base;
  bool has_base = false;
  bool waits = false;
  for (const Tag& tag : read_tags(html, {.is_xml = is_xml})) {
    if (tag.name == "meta") read_meta(tag, document);
    if (tag.name == "base" && has(tag, "href") && !has_base) {
      has_base = true;
      base = value_of(tag, "href");
    }
    if (tag.name == "script" && has(tag, "src")) {
      document.scripts.push_back(read_script(tag, base));
    }
    if (tag.name == "script") waits = waits || has(tag, "data-wait");
    if (tag.name == "github-sign-in" && !trim_html(value_of(tag, "proxy")).empty()) {
      document.proxies.push_back(value_of(tag, "proxy"));
    }
  }
  document.holds_portero = is_portero_script(html) && !waits;
  return document;
}

std::optional<std::string> read_refresh(std::string_view value) {
  constexpr std::int64_t kAtOnce = 5;  // seconds
  value = trim_html(value);
  const std::size_t digits = std::min(value.find_first_not_of("0123456789"), value.size());
  const std::string_view number =
      digits == 0 && value.starts_with('.') ? "0" : value.substr(0, digits);
  if (!read_number(number, 0, kAtOnce)) return std::nullopt;
  value.remove_prefix(std::min(value.find_first_not_of("0123456789."), value.size()));
  value = trim_html(value);
  if (value.starts_with(';') || value.starts_with(',')) value = trim_html(value.substr(1));
  if (equals_ignoring_case(value.substr(0, 3), "url")) {
    const std::string_view rest = trim_html(value.substr(3));
    if (rest.starts_with('=')) value = trim_html(rest.substr(1));
  }
  if (value.starts_with('"') || value.starts_with('\'')) {
    const char quote = value.front();
    value.remove_prefix(1);
    value = value.substr(0, value.find(quote));
  }
  if (value.empty()) return std::nullopt;
  return std::string(value);
}

bool is_javascript_type(std::string_view content_type) {
  return is_javascript(lower(trim_html(content_type.substr(0, content_type.find(';')))));
}

bool is_portero_script(std::string_view text) {
  // A page's own script may name the symbol, too (docs/embedding.md).
  if (text.find("document.currentScript") == std::string_view::npos) return false;
  for (const char* quote : {"'", "\"", "`"}) {
    const std::string mark = std::string("Symbol.for(") + quote + "portero" + quote;
    if (text.find(mark) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace portero
