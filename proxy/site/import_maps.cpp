#include "proxy/site/import_maps.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "proxy/base/text.h"

namespace portero {
namespace {

constexpr std::string_view kBlanks = " \t\n\f\r";

/// The elements whose content is text up to their end tag, whatever tags it seems to hold.
constexpr auto kRawText = std::to_array<std::string_view>(
    {"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript"});

struct Tag {
  std::string name;  // lower case; empty: what begins there is no start tag
  std::string type;  // of the first attribute `type`, lower case
};

bool is_letter(char c) { return is_lower(c) || is_upper(c); }

std::string_view take_until(std::string_view& rest, std::string_view ends) {
  const std::string_view taken = rest.substr(0, rest.find_first_of(ends));
  rest.remove_prefix(taken.size());
  return taken;
}

void skip_all_of(std::string_view& rest, std::string_view these) {
  rest.remove_prefix(std::min(rest.find_first_not_of(these), rest.size()));
}

std::string_view take_value(std::string_view& rest) {
  skip_all_of(rest, kBlanks);
  if (!rest.starts_with('"') && !rest.starts_with('\'')) return take_until(rest, " \t\n\f\r>");
  const char quote = rest.front();
  rest.remove_prefix(1);
  return take_part(rest, quote);
}

std::string_view trim(std::string_view text) {
  skip_all_of(text, kBlanks);
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

/// Takes a tag off `rest`, which begins behind its `<`. One that does not end is none.
Tag take_tag(std::string_view& rest) {
  if (rest.empty() || !is_letter(rest.front())) return {};
  Tag tag{.name = lower(take_until(rest, " \t\n\f\r/>")), .type = {}};
  bool has_type = false;
  for (skip_all_of(rest, " \t\n\f\r/"); !rest.empty() && rest.front() != '>';
       skip_all_of(rest, " \t\n\f\r/")) {
    const char first = rest.front();  // a `=` here begins a name
    rest.remove_prefix(1);
    const std::string name = lower(first + std::string(take_until(rest, " \t\n\f\r/>=")));
    skip_all_of(rest, kBlanks);
    if (!rest.starts_with('=')) continue;
    rest.remove_prefix(1);
    const std::string_view value = take_value(rest);
    if (name == "type" && !has_type) tag.type = lower(trim(value));
    has_type = has_type || name == "type";
  }
  if (rest.empty()) return {};
  rest.remove_prefix(1);
  return tag;
}

/// Takes the text before the end tag of `name`; nullopt: there is none, and all is taken.
std::optional<std::string_view> take_text(std::string_view& rest, std::string_view name) {
  std::size_t at = rest.find("</");
  for (; at != std::string_view::npos; at = rest.find("</", at + 2)) {
    const std::string_view end = rest.substr(at + 2, name.size() + 1);
    if (end.size() <= name.size() || !equals_ignoring_case(end.substr(0, name.size()), name)) {
      continue;
    }
    if (end.back() == '/' || end.back() == '>' || kBlanks.find(end.back()) != kBlanks.npos) break;
  }
  const std::string_view text = rest.substr(0, at);
  rest.remove_prefix(text.size());
  if (at == std::string_view::npos) return std::nullopt;
  return text;
}

std::string with_line_feeds(std::string_view text) {
  std::string lines;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') lines += text[i];
    if (text[i] == '\r' && text.substr(i + 1, 1) != "\n") lines += '\n';
  }
  return lines;
}

}  // namespace

std::vector<std::string> find_import_maps(std::string_view html) {
  std::vector<std::string> maps;
  while (true) {
    html.remove_prefix(std::min(html.find('<'), html.size()));
    if (html.empty()) return maps;
    html.remove_prefix(1);
    if (html.starts_with("!--")) {
      html.remove_prefix(3);
      const std::size_t end = html.starts_with('>') ? 0 : html.find("-->");
      html.remove_prefix(std::min(end, html.size()));
      continue;
    }
    const Tag tag = take_tag(html);
    if (std::find(kRawText.begin(), kRawText.end(), tag.name) == kRawText.end()) continue;
    const std::optional<std::string_view> text = take_text(html, tag.name);
    const bool is_map = tag.name == "script" && tag.type == "importmap";
    if (is_map && text) maps.push_back(with_line_feeds(*text));
  }
}

}  // namespace portero
