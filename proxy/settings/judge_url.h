// What keeps an address that an operator wrote from being one that portero takes, part by part, and
// the address to write instead. base/url.h says which are taken. Pure.
#pragma once

#include <string>
#include <string_view>

namespace portero {

/// What an address may have beyond https, host and port.
struct UrlForm {
  bool path = false;
  bool query = false;
  /// It is a forward proxy's: http anywhere, and the port must be written.
  bool forward_proxy = false;
};

struct UrlJudgement {
  std::string wrong;  // "has capital letters in its host and a query"; empty: nothing
  std::string right;  // the address without that; empty: it cannot be told
  std::string fix;    // "write RIGHT", or how to find it; empty: nothing is wrong
};

/// Judges an absolute http(s) address. Repeats no user name or password that stands in it. What it
/// finds nothing wrong with has a serialised origin (of a forward proxy: but for its port) and is
/// https, or http where that may be: on loopback.
[[nodiscard]] UrlJudgement judge_url(std::string_view text, UrlForm form);

}  // namespace portero
