#include "proxy/check/script.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "proxy/base/text.h"
#include "proxy/base/url.h"
#include "proxy/check/address.h"
#include "proxy/check/page_file.h"
#include "proxy/check/policy.h"
#include "proxy/check/visit.h"
#include "proxy/site/integrity.h"

namespace portero {
namespace {

/// "portero.js", also as a build tool renames it: portero.min.js, portero-4f2a91.js.
bool is_name_of_ours(std::string_view name) {
  if (!name.starts_with("portero") || !name.ends_with(".js")) return false;
  const std::string_view middle = name.substr(7, name.size() - 10);
  if (middle.empty() || middle == ".min") return true;
  if (std::string_view(".-_").find(middle.front()) == std::string_view::npos) return false;
  const std::string_view hash = middle.substr(1);
  return hash.size() >= 6 && is_alphanumeric_or("-_.", hash) &&
         std::any_of(hash.begin(), hash.end(), is_digit);
}

bool runs(const ScriptTag& tag) { return tag.is_classic() && !tag.nomodule; }

/// The first that runs; else the first; nullptr: there is none.
const ScriptTag* find_script(const Document& document) {
  const ScriptTag* found = nullptr;
  for (const ScriptTag& tag : document.scripts) {
    const std::string_view path = std::string_view(tag.src).substr(0, tag.src.find_first_of("?#"));
    if (!is_name_of_ours(path.substr(path.find_last_of("/\\") + 1))) continue;
    if (runs(tag)) return &tag;
    if (found == nullptr) found = &tag;
  }
  return found;
}

std::string make_tag(std::string_view src) {
  return "<script src=\"" + quote(src) + "\"></script>";
}

struct Search {
  const CheckInput& input;
  const CheckedPage& page;
  const ScriptTag& tag;
  Report& report;

  void fail(const std::string& wrong, const std::string& fix) const {
    report.fail(Problem{page.site.redirect_uri, wrong, fix});
  }

  [[nodiscard]] PageFile load(const std::string& url, FileKind kind) const {
    return load_file(input, url, page.url, kind, tag.is_cors);
  }
};

/// What the tag's address is relative to: <base href>, if the policies let it, or the page.
std::string base_of(const CheckedPage& page, const ScriptTag& tag) {
  const std::optional<std::string> named = resolve_address(page.url, tag.base);
  if (tag.base.empty() || !named) return page.url;
  const bool is_allowed =
      std::all_of(page.policies.begin(), page.policies.end(), [&](const PagePolicy& policy) {
        return allows_base(policy.text, *named, origin_of(page.url));
      });
  return is_allowed ? *named : page.url;
}

/// No tag: that may be right, unless the page shows why not.
void report_no_tag(const CheckedPage& page, Report& report) {
  const std::string& at = page.site.redirect_uri;
  if (page.document.holds_portero) {
    return report.fail(at +
                       ": holds portero.js itself, which finds its other files by its own "
                       "address; load it: " +
                       make_tag("web/portero.js"));
  }
  if (page.document.refresh) {
    const auto to = resolve_address(page.url, *page.document.refresh);
    return report.fail(at + ": only leads on to " + quote(to.value_or(*page.document.refresh)) +
                       ", without the query, so visitors come back signed out; set redirect_uri to "
                       "that, and register it at GitHub");
  }
  report.warn(at +
              ": no portero.js in its HTML: looked for a <script src> whose file is "
              "portero.js, portero.min.js or portero-HASH.js; if no bundle or other script "
              "brings it, write first in its head: " +
              make_tag("web/portero.js"));
}

/// Whether a browser runs it at all.
bool check_tag(const Search& search) {
  const ScriptTag& tag = search.tag;
  const std::string fix = "write " + make_tag(tag.src);
  if (tag.is_module()) {
    search.fail("loads portero.js as a module, where it cannot find its own files", fix);
  } else if (tag.nomodule) {
    search.fail("its tag of portero.js has nomodule, so today's browsers skip it", fix);
  } else if (!tag.is_classic()) {
    search.fail("its tag of portero.js has type=\"" + quote(tag.type) +
                    "\" (a consent tool may have written it), so browsers do not run it",
                fix);
  } else if (tag.is_unclosed) {
    search.fail(
        "its tag of portero.js has no </script>, and \"/>\" ends none in HTML, so browsers "
        "take what follows for its text",
        fix);
  } else if (tag.is_late) {
    search.report.warn(search.page.site.redirect_uri +
                       ": loads portero.js with async or defer, so other scripts see GitHub's "
                       "answer in the address before it; " +
                       fix);
  }
  return runs(tag) && !tag.is_unclosed;
}

/// A page that is answered without its slash: its scripts are looked for one folder too high.
bool check_slash(const Search& search, const std::string& url, const std::string& wrong) {
  const std::string& page = search.page.url;
  if (page.ends_with('/') || page.find('?') != std::string::npos) return false;
  if (base_of(search.page, search.tag) != page) return false;
  const std::optional<std::string> meant = resolve_address(page + "/", search.tag.src);
  if (!meant || *meant == url) return false;
  if (!search.load(*meant, FileKind::kPortero).wrong.empty()) return false;
  search.fail("is answered without its slash, so its script " + quote(search.tag.src) + " means " +
                  quote(url) + ", which " + wrong,
              "set redirect_uri to " + page +
                  "/ and register that at GitHub, or, where the host "
                  "drops the slash, write the script's address from the root: " +
                  make_tag(target_of(*meant)));
  return true;
}

/// Whether the body is what the tag's `integrity` names (W3C SRI, 3.3): one of its longest hashes.
bool matches_integrity(std::string_view integrity, std::string_view body) {
  for (const int bits : {512, 384, 256}) {
    const std::string prefix = "sha" + std::to_string(bits) + "-";
    const Result<std::string> ours = integrity_of(body, bits);
    bool is_named = false;
    for (const std::string_view hash : split_list(integrity)) {
      is_named = is_named || hash.starts_with(prefix);
      if (ours && hash.substr(0, hash.find('?')) == *ours) return true;
    }
    if (is_named) return false;
  }
  return true;
}

/// A file that the script loads. Empty: it fails, or cannot be reached from here, which was said.
std::string check_loaded(const Search& search, const std::string& from, std::string_view name,
                         FileKind kind) {
  const std::optional<std::string> url = resolve_address(from, name);
  if (!url) return "";
  const PageFile file = search.load(*url, kind);
  if (file.wrong.empty()) return file.url;
  search.fail("its portero.js loads " + quote(*url) + ", which " + file.wrong, file.fix);
  return "";
}

}  // namespace

PageFiles check_script(const CheckInput& input, const CheckedPage& page, Report& report) {
  const ScriptTag* tag = find_script(page.document);
  if (tag == nullptr) {
    report_no_tag(page, report);
    return {};
  }
  const Search search{input, page, *tag, report};
  if (!check_tag(search)) return {};
  const std::string script = "its script " + quote(tag->src);
  const std::optional<std::string> url = resolve_address(base_of(page, *tag), tag->src);
  if (!url) {
    search.fail(script + " has no web address", "write " + make_tag("web/portero.js"));
    return {};
  }
  PageFiles files{.script = *url, .nonce = tag->nonce, .integrity = tag->integrity};
  const PageFile file = search.load(*url, FileKind::kPortero);
  if (file.is_unreachable) {
    report.warn(page.site.redirect_uri + ": " + script + " means " + quote(*url) + ", which " +
                file.wrong + " from here; " + file.fix);
    return files;
  }
  if (!file.wrong.empty()) {
    if (file.is_missing && check_slash(search, *url, file.wrong)) return files;
    search.fail(script + " means " + quote(*url) + ", which " + file.wrong, file.fix);
    return files;
  }
  if (!matches_integrity(tag->integrity, file.body)) {
    search.fail(script + " is not the file that its integrity names, so browsers do not run it",
                "write the hash that came with the file (integrity.txt), or upload that file");
  }
  if (tag->data_wait) return files;
  files.index = check_loaded(search, *url, "index.js", FileKind::kModule);
  if (!files.index.empty()) {
    files.wasm = check_loaded(search, files.index, "../portero.wasm", FileKind::kWasm);
  }
  return files;
}

}  // namespace portero
