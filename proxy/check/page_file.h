// One file that a page loads, fetched and judged as a browser judges it.
#pragma once

#include <string>
#include <string_view>

#include "proxy/check/input.h"

namespace portero {

enum class FileKind {
  kPortero,  // portero.js by a classic script tag
  kModule,   // index.js, which is imported
  kWasm,     // portero.wasm, which is fetched
};

struct PageFile {
  std::string url;         // who answered at last
  std::string body = {};   // decoded
  std::string wrong = {};  // "answers 404"; empty: it is as it must be
  std::string fix = {};
  bool is_missing = false;      // 404, or the host's page for unknown addresses
  bool is_unreachable = false;  // from here, of another host than the page's
};

/// `by_cors`: the browser asks by CORS when it is of another origin. kModule and kWasm always do.
[[nodiscard]] PageFile load_file(const CheckInput& input, const std::string& url,
                                 std::string_view page_url, FileKind kind, bool by_cors = false);

}  // namespace portero
