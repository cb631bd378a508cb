// The one place that talks to GitHub, with libcurl (transfer.h, connection_pool.h). Follows no
// redirect, uses no forward proxy but `github.proxy` (never the environment's), speaks plain HTTP
// to loopback only, and always verifies TLS. What is said: requests.h; how it is read: replies.h.
// Requirements: docs/security.md R97, R98.
#pragma once

#include <memory>

#include "proxy/base/fetch.h"
#include "proxy/github/connection_pool.h"
#include "proxy/settings/settings.h"

namespace portero {

/// Any thread may make one, call begin_login() and let the last of it go.
class GithubClient {
 public:
  /// REQUIRES: `thread` outlives it and every Fetch.
  explicit GithubClient(UpstreamThread& thread, const GithubSettings& settings,
                        const GithubTimes& times = {});

  /// Any thread: opens libcurl now, in some 10 ms, instead of at the first call. Where that fails
  /// it ends the program with a message.
  static void open();

  /// The calls of one login within one budget that starts now. The revocation (the one DELETE) has
  /// its own, from its first try. A POST is sent at most once, whatever happens; with the header
  /// `Transfer-Encoding: chunked`, without its length.
  /// The Fetch is for the upstream thread, and keeps what it needs of the client alive.
  [[nodiscard]] Fetch begin_login() const;

  /// The same for another thread, which waits for each reply.
  [[nodiscard]] BlockingFetch begin_waiting() const;

 private:
  class Hosts;
  UpstreamThread& thread_;
  std::shared_ptr<Hosts> hosts_;
};

}  // namespace portero
