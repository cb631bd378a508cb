// What a client does: ask who is signed in (or for a file), or sign in as a person would.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/bench/load.h"

namespace portero::bench {

struct Page {
  std::string origin;        // as the settings name it
  std::string redirect_uri;  // what the codes are made for
  std::string client_id;
};

struct GetPlan {
  std::string target = "/v1/session";
  std::vector<std::string> cookies = {};  // `name=value`, taken in turn; empty: none is sent
  bool fresh = false;                     // a connection for every request
  bool repeats =
      false;  // once more, when a reused connection closed before the answer's first byte
};

/// GET. "ok": 200 and, with a cookie on /v1/session, somebody is signed in.
[[nodiscard]] Task make_get(const Page& page, GetPlan plan);

struct LoginPlan {
  bool made_up_codes = false;  // do not ask GitHub for them: it hangs, or takes any
  bool fresh = false;          // a connection to the proxy for every login
  /// Given the cookie (`name=value`) of each that succeeded.
  std::function<void(const std::string& cookie)> signed_in = nullptr;
};

/// Presses Authorize at the stand-in, then POST /v1/session, whose time alone is counted. "ok": 201
/// and a session cookie; else the `code` of the problem, or how the connection ended.
[[nodiscard]] Task make_login(const Page& page, LoginPlan plan);

}  // namespace portero::bench
