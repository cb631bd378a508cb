// The proxy's own requests and responses: plain values, no library's types. Everything between the
// gate (sockets), the router (cpp-httplib), the app (what to answer) and GitHub (libcurl) is one of
// these, so each of the four can be read, tested and replaced alone.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wasm/error.h"
#include "wasm/result.h"

namespace portero {

struct Header {
  std::string name;   // as written; compared without regard to ASCII case
  std::string value;  // without leading or trailing white space
};

/// One complete request, as the gate read it. Only these fields are ever kept; every other header
/// is dropped unread. No value holds `%` or a control byte (the gate refuses them), the cookie
/// aside, which is found in the raw bytes and holds only [A-Za-z0-9._-].
struct Request {
  std::string id;      // 16 hex digits, for the log
  std::string peer;    // address of the TCP peer; "unix" on a unix socket
  std::string client;  // address of who asks: the peer's, or what a trusted proxy says
  std::string method;  // upper case, as sent
  std::string target;  // as sent, query included, never decoded; ≤ 1,024 bytes
  std::string host;    // Host as sent; may be empty in HTTP/1.0 only
  std::optional<std::string> origin;
  std::optional<std::string> sec_fetch_site;
  std::optional<std::string> x_portero;
  std::optional<std::string> content_type;
  std::optional<std::string> authorization;
  std::optional<std::string> dpop;
  std::optional<std::string> session;  // value of our cookie, by proxy/session/cookies.h
  bool session_doubled = false;        // our cookie came twice: absent, and to be expired
  std::string body;
};

struct Response {
  int status = 500;
  std::vector<Header> headers;  // without Date, Content-Length, Connection and CORS: the gate's
  std::string body;
  std::shared_ptr<const std::string> shared_body = {};  // instead of `body`: one that many share
};

/// A request to GitHub: an absolute URL, POST, GET or DELETE. Holds secrets; never logged.
struct UpstreamRequest {
  std::string method;
  std::string url;
  std::vector<Header> headers;
  std::string body;
};

struct UpstreamReply {
  int status = 0;
  std::vector<Header> headers;  // the last header block's, names as sent
  std::string body;             // ≤ kUpstreamBodyMax
};

/// Most bytes of a GitHub answer that are read; a longer one is upstream_invalid.
inline constexpr std::size_t kUpstreamBodyMax = std::size_t{256} * 1024;

/// One call to GitHub within the login's budget. Errors: kUpstreamUnreachable, kUpstreamTimeout,
/// kUpstreamTls, kUpstreamInvalid; any HTTP status is a reply, never an error.
using Fetch = std::function<Result<UpstreamReply>(const UpstreamRequest&)>;

/// What the session that came with a request turned out to be. A visitor is told less; the metrics
/// may know.
enum class SessionFound {
  kOpened,
  kNone,
  kInvalid,
  kExpired,
  kSignedOut,
  kNotBefore,
  kProof,  // the proof beside it is missing or not good
  kNonce,  // the proof is good but for its nonce
};

/// What respond() says: the answer, and what the log and GitHub are to be told.
struct Answer {
  Response response;
  /// One request to GitHub, to be made after the answer has been handed over (the token's
  /// revocation). Up to three tries; failure is logged.
  std::optional<UpstreamRequest> afterwards = {};
  std::optional<Error> refused = {};  // why, when the response is a problem
  std::int64_t subject = 0;           // GitHub's number of who signed in or out; 0: nobody did
  std::optional<SessionFound> session = {};  // when the request asked for its session
  std::string_view proof_fault = {};         // for the log: what was wrong with its proof
};

/// The value of the first header of that name, without regard to ASCII case; nullptr when absent.
[[nodiscard]] const std::string* find_header(const std::vector<Header>& headers,
                                             std::string_view name);

/// A request target without its query.
[[nodiscard]] std::string_view path_of(std::string_view target);

/// The problem+json answer for an error (RFC 9457, without `type`). `retry_after` > 0 is repeated
/// as the Retry-After header, in seconds. REQUIRES: http_status(error) != 0.
[[nodiscard]] Response make_problem(Error error, int retry_after = 0);

/// The same as an Answer that names its error.
[[nodiscard]] Answer refuse(Error error, int retry_after = 0);

}  // namespace portero
