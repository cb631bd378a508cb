// Renders an answer to bytes: the status line, what every answer carries, the answer's own headers
// and the body. Pure: the date comes in. No banner, no value with a line break, no Content-Length
// where HTTP forbids one.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "proxy/base/http.h"
#include "proxy/gate/cors.h"

namespace portero {

struct WriteOptions {
  std::string_view target;     // of the request; empty when none could be read
  bool is_head = false;        // headers only, Content-Length as for GET
  bool closes = false;         // says `Connection: close`
  std::string_view date = {};  // as format_http_date() writes it
  CorsHeaders cors = {};       // from make_cors_headers
};

/// What to send: `bytes`, then what `rest` points to. `rest` is shared, never copied. A file
/// is in memory once.
struct WrittenResponse {
  std::string bytes;
  std::shared_ptr<const std::string> rest;  // null: nothing more
};

/// Adds `Cache-Control: no-store` unless a file or the config answer says
/// otherwise, nosniff, `Cross-Origin-Resource-Policy: same-origin` unless the answer says
/// otherwise, Date, Content-Length and Connection. An answer with CR, LF or NUL in a header, or
/// with `lines` that are not whole ones of visible ASCII, becomes `internal`. A header that `cors`
/// names is written once, as there.
[[nodiscard]] WrittenResponse write_response(const Response& response, const WriteOptions& options);

}  // namespace portero
