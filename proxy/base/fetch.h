// Calls to GitHub as plain values: the request, the reply, and the function that turns one into the
// other without waiting. github/client.h makes such functions; a test passes a lambda.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "proxy/base/http.h"
#include "wasm/result.h"

namespace portero {

/// What a request is about, for the metrics.
enum class GithubCall { kToken, kUser, kEmails, kRevoke, kOrganization, kTeam, kRepository };

/// A request to an absolute URL, POST, GET or DELETE. Holds secrets; never logged.
struct UpstreamRequest {
  std::string method;
  std::string url;
  std::vector<Header> headers;
  std::string body;
  GithubCall call = GithubCall::kToken;
  /// Of a page: any body will do. A coded one is asked for and decoded, a long one is cut.
  bool is_page = false;
};

struct UpstreamReply {
  int status = 0;
  std::vector<Header> headers;  // the last header block's, names as sent
  std::string body;             // ≤ kUpstreamBodyMax
  bool is_cut = false;          // there was more of it; only of a page
};

/// Most bytes of an answer that are read; a longer one is upstream_invalid, unless of a page.
inline constexpr std::size_t kUpstreamBodyMax = std::size_t{256} * 1024;

/// Errors: kUpstreamUnreachable, kUpstreamTimeout, kUpstreamTls, kUpstreamInvalid; any HTTP status
/// is a reply, never an error.
using Then = std::function<void(Result<UpstreamReply>)>;

/// Begins one call within the time budget of its sign-in and returns; `then` is called once, later
/// or at once. For the thread that may call GitHub (github/upstream_thread.h).
using Fetch = std::function<void(UpstreamRequest, Then)>;

/// Like `fetch`, of a GET: makes the call once more if the first was lost on the way, since it
/// changes nothing.
void fetch_twice(const Fetch& fetch, const UpstreamRequest& request, Then then);

/// Of several calls: the reply to each request, in its place.
using ThenAll = std::function<void(std::vector<Result<UpstreamReply>>)>;

/// Begins all of them, GETs, at once, each as fetch_twice() does, and calls `then` once, when the
/// last has ended. One that fails says so in its place and ends no other. REQUIRES: at least one.
void fetch_all(const Fetch& fetch, const std::vector<UpstreamRequest>& requests, ThenAll then);

/// The same for who may wait: `portero check`.
using BlockingFetch = std::function<Result<UpstreamReply>(const UpstreamRequest&)>;

}  // namespace portero
