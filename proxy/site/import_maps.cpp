#include "proxy/site/import_maps.h"

#include "proxy/base/text.h"
#include "proxy/site/html.h"

namespace portero {
namespace {

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
  for (const Tag& tag : read_tags(html, {.in_templates = true})) {
    const std::string* type = tag.name == "script" ? tag.find("type") : nullptr;
    const bool is_map = type != nullptr && equals_ignoring_case(trim_html(*type), "importmap");
    if (is_map && tag.has_end) maps.push_back(with_line_feeds(tag.text));
  }
  return maps;
}

}  // namespace portero
