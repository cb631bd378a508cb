// The proxy's own requests and responses: plain values, no library's types. Only these pass between
// the gate (sockets) and the app (what to answer), so each can be tested and replaced alone.
#pragma once

#include <cstdint>
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

struct Route;  // base/route.h

/// One complete request, as the gate read it. Only these fields are ever kept. The gate reads a few
/// more headers for itself (gate/request_reader.h) and drops all others unread. No kept header
/// holds `%` or a control byte (the gate refuses them). Exception: `cookies` holds raw bytes.
/// `target` and `body` may hold `%`.
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
  std::string cookies;  // raw Cookie lines, joined with "; "
  std::string body;
  const Route* route = nullptr;  // what answers it; nullptr: nothing does
  std::string allow;  // without a route: the methods of its path, for Allow; may be empty
  /// Which of the configured origins the Origin line equals; nullopt: none, or the line is absent.
  std::optional<std::size_t> origin_index;
};

struct Response {
  int status = 500;
  /// Without Date, Content-Length, Connection and CORS, which the gate adds.
  std::vector<Header> headers = {};
  std::string body = {};
  std::shared_ptr<const std::string> shared_body = {};  // instead of `body`: one that many share
  std::string lines = {};  // more headers, as they are sent: each line ends in CRLF
};

/// The value of the first header of that name, without regard to ASCII case; nullptr when absent.
[[nodiscard]] const std::string* find_header(const std::vector<Header>& headers,
                                             std::string_view name);

/// A request target without its query.
[[nodiscard]] std::string_view path_of(std::string_view target);

/// True below /v1/: what pages of other origins may call.
[[nodiscard]] bool is_api_target(std::string_view target);

/// The problem+json answer for an error (RFC 9457, without `type`). `retry_after` > 0 is repeated
/// as the Retry-After header, in seconds (problem_json.cpp). REQUIRES: http_status(error) != 0.
[[nodiscard]] Response make_problem(Error error, int retry_after = 0);

}  // namespace portero
