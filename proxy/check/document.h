// What a page's HTML says that a sign-in depends on: its policies, its scripts, where it leads.
// Reads tags (html.h); fetches nothing. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portero {

/// A <script src> as written. Values are decoded, addresses not resolved.
struct ScriptTag {
  std::string src;
  std::string base;  // of the first <base href> before it; empty: none
  std::string nonce;
  std::string integrity;
  std::string type;          // of the attribute, lower case, without blanks at its ends
  bool nomodule = false;     // browsers that know modules skip it
  bool is_late = false;      // async or defer: others run before it
  bool data_wait = false;    // index.js comes with the page's own bundle
  bool is_cors = false;      // crossorigin
  bool is_unclosed = false;  // what follows it became its text

  [[nodiscard]] bool is_module() const { return type == "module"; }
  /// Whether its type is none, or one that a browser runs as a classic script.
  [[nodiscard]] bool is_classic() const;
};

struct Document {
  std::vector<std::string> policies;   // of each <meta> in the head, one policy each
  std::vector<ScriptTag> scripts;      // in the order of the page
  std::vector<std::string> proxies;    // `proxy` of each <github-sign-in> that has one
  std::optional<std::string> refresh;  // where <meta http-equiv="refresh"> leads within 5 s
  bool holds_portero = false;          // portero.js stands in the page itself, between two tags
};

[[nodiscard]] Document read_document(std::string_view html, bool is_xml = false);

/// The address of a `Refresh` header or of its <meta>, "0; url=/app/", when it leads elsewhere
/// within 5 s; nullopt otherwise.
[[nodiscard]] std::optional<std::string> read_refresh(std::string_view value);

/// Whether a Content-Type is one of JavaScript's (WHATWG MIME Sniffing, 4.6).
[[nodiscard]] bool is_javascript_type(std::string_view content_type);

/// Whether the script's text is portero.js, minified or not.
[[nodiscard]] bool is_portero_script(std::string_view text);

}  // namespace portero
