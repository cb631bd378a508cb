// Second judgements about names of files and the pages in them, for file_names_fuzz.cpp.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "tests/fuzz/fuzz.h"

namespace portero {

/// Whether every program reads the name alike. Whether it is UTF-8 without control bytes says
/// nlohmann/json.
inline bool is_plain_name(std::string name) {
  if (name.empty() || name == "." || name == ".." || name.find_first_of("/\\|\x7f") != name.npos) {
    return false;
  }
  std::replace(name.begin(), name.end(), '"', '\'');
  return nlohmann::json::accept('"' + name + '"');
}

/// What a browser sends: these as they are, and of all else each byte as %XX.
inline std::string as_browsers_write(const std::string& name) {
  std::string written;
  for (const char c : name) {
    char hex[4];
    std::snprintf(hex, sizeof hex, "%%%02X", static_cast<unsigned char>(c));
    written += consists_of({&c, 1}, "!$&'()*+,-.:;=@[]_~") ? std::string(1, c) : hex;
  }
  return written;
}

inline std::string decode_once(std::string_view text) {
  std::string bytes;
  for (; !text.empty(); text.remove_prefix(1)) {
    bytes += text.front();
    if (text.front() != '%') continue;
    bytes.back() =
        static_cast<char>(std::strtoul(std::string(text.substr(1, 2)).c_str(), nullptr, 16));
    text.remove_prefix(std::min<std::size_t>(2, text.size() - 1));
  }
  return bytes;
}

/// Each map stands in the page, in this order, between a `>` and an end tag.
inline void judge_import_maps(std::string_view html, const std::vector<std::string>& maps) {
  if (html.find('\r') != html.npos) {
    for (const std::string& map : maps) check(map.find('\r') == map.npos, "line ends are \\n");
    return;
  }
  std::string page = lower_case(html);
  for (const std::string& map : maps) {
    const std::string text = ">" + lower_case(map) + "</script";
    const std::size_t at = page.find(text, std::min(page.find("importmap"), page.size()));
    check(at != page.npos, "it is in the page, behind its type");
    page.erase(0, at + text.size());
  }
}

}  // namespace portero
