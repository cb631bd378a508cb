// A page that was answered, as the checks of its parts see it.
#pragma once

#include <string>
#include <vector>

#include "proxy/check/document.h"
#include "proxy/settings/settings.h"

namespace portero {

/// One Content-Security-Policy that applies to a page.
struct PagePolicy {
  std::string text;
  bool is_meta = false;  // of a <meta>, where browsers ignore `sandbox`
};

struct CheckedPage {
  const Site& site;  // whose redirect_uri it is
  std::string url;   // that answered at last, without GitHub's query
  std::string body;  // its HTML, or the first 256 kB of it
  Document document = {};
  std::vector<PagePolicy> policies = {};  // each is enforced
};

/// What a page loads for a sign-in; empty where it is not known.
struct PageFiles {
  std::string script = {};  // the address that the tag of portero.js means
  std::string nonce = {};
  std::string integrity = {};
  std::string index = {};  // index.js, which portero.js imports
  std::string wasm = {};
};

}  // namespace portero
