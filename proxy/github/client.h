// The one place that talks to GitHub, with libcurl (transfer.h). Follows no redirect, uses no
// forward proxy but `github.proxy` (never the environment's), speaks plain HTTP to loopback only,
// and always verifies TLS. What is said: requests.h; how it is read: replies.h. Requirements:
// docs/security.md R97, R98.
#pragma once

#include <chrono>
#include <memory>

#include "proxy/base/fetch.h"
#include "proxy/settings/settings.h"

namespace portero {

/// Waiting times; the defaults are the product's.
struct GithubTimes {
  std::chrono::milliseconds login = std::chrono::seconds(8);       // all calls of one login
  std::chrono::milliseconds connect = std::chrono::seconds(3);     // of them, each connection
  std::chrono::milliseconds revocation = std::chrono::seconds(5);  // all tries of one
  // A kept connection carries a code only this long after the one before. Servers end an idle one
  // after two seconds or more, and a code that crosses such an end is lost.
  std::chrono::milliseconds fresh = std::chrono::seconds(1);
};

/// Any thread may call begin_login(); the pool of handles guards itself. Keeps its connections: the
/// handle given back last, still warm, is lent first. Starts no thread but libcurl's resolver.
class GithubClient {
 public:
  explicit GithubClient(const GithubSettings& settings, const GithubTimes& times = {});
  ~GithubClient();
  GithubClient(const GithubClient&) = delete;
  GithubClient& operator=(const GithubClient&) = delete;

  /// The calls of one login, on one handle, within one budget that starts now. The revocation (the
  /// one DELETE) has its own, from its first try. A POST is sent at most once, whatever happens;
  /// with the header `Transfer-Encoding: chunked`, without its length.
  /// The Fetch is for one thread at a time and blocks it; its last copy gives the handle back.
  /// REQUIRES: the client outlives the Fetch.
  [[nodiscard]] Fetch begin_login();

 private:
  class Pool;
  std::unique_ptr<Pool> pool_;
};

}  // namespace portero
