// Reads one HTTP/1.1 or 1.0 request from bytes as they come, under a grammar stricter than RFC
// 9112. It refuses input that two programs could read differently, and Content-Encoding. A body
// comes by Content-Length or in chunks (chunked_body.h), never by both. Pure: no socket, no clock.
// Keeps the headers of base/http.h and the few the gate itself needs; drops the rest unread. Limits
// are checked before anything grows. When the head is complete, the request's route is found.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "proxy/base/http.h"
#include "proxy/base/route.h"
#include "proxy/gate/chunked_body.h"
#include "proxy/settings/settings.h"

namespace portero {

struct ReadRequest {
  Request request;              // without id, peer, client and origin_index
  std::string forwarded_for;    // raw X-Forwarded-For lines, joined with ","
  std::string if_none_match;    // for files only
  std::string accept_encoding;  // for files only
  bool is_preflight = false;    // OPTIONS with Access-Control-Request-Method and Origin
  bool keep_alive = true;       // false for HTTP/1.0 and after `Connection: close`
};

class RequestReader {
 public:
  enum class State { kEmpty, kReading, kComplete, kRefused };

  /// kVisitor: everything above. kInternal: for the operator's own listener, where a front may have
  /// copied another request's headers. Only method, target and Cookie count. Content-Length,
  /// Transfer-Encoding and `Connection: close` only end the connection after the answer: a body is
  /// not waited for. Other headers are ignored.
  enum class Rules { kVisitor, kInternal };

  RequestReader() = default;
  /// REQUIRES: `limits` outlives the request.
  explicit RequestReader(const Limits& limits, Rules rules = Rules::kVisitor) {
    begin(limits, rules, nullptr);
  }

  /// Sets the rules for the next request. `match` finds its route, once (nullptr: it gets none).
  /// REQUIRES: state() is kEmpty; `limits` and `match` outlive the request.
  void begin(const Limits& limits, Rules rules, const MatchRoute* match) {
    limits_ = &limits;
    rules_ = rules;
    match_ = match;
  }

  /// Reads on; returns how many bytes were taken. Bytes after a complete request are left.
  /// Lines that break the framing are refused where they stand, chunks too. What is merely not
  /// allowed (a doubled header, `%` in a value, too long a body) is refused when the headers are
  /// complete, so that the answer can carry CORS headers.
  std::size_t feed(std::string_view bytes);

  [[nodiscard]] State state() const { return state_; }

  /// kBadRequest, kHeadersTooLarge, kTooLarge or kUnsupportedMediaType.
  /// REQUIRES: state() is kRefused.
  [[nodiscard]] Error error() const { return error_; }

  /// What has been read so far, where it was read, to be changed or moved from: the whole request
  /// once state() is kComplete; after a refusal, method, target and origin if they had come.
  [[nodiscard]] ReadRequest& read_so_far() { return read_; }

  /// The request; the reader starts anew. REQUIRES: state() is kComplete.
  [[nodiscard]] ReadRequest take();

 private:
  void end_line(std::string_view line);
  void read_request_line(std::string_view line);
  void read_field(std::string_view line);
  void keep_field(std::string_view name, std::string_view value);
  void keep_internal_field(std::string_view name, std::string_view value);
  void keep_once(std::optional<std::string>& field, std::string_view value);
  void read_content_length(std::string_view value);
  void read_transfer_encoding(std::string_view value);
  [[nodiscard]] bool may_come_in_chunks() const;
  void end_headers();
  std::size_t feed_body(std::string_view bytes);
  void find_route();
  void refuse(Error error);
  void refuse_at_end(Error error);

  const Limits* limits_ = nullptr;
  Rules rules_ = Rules::kVisitor;
  const MatchRoute* match_ = nullptr;
  State state_ = State::kEmpty;
  Error error_ = Error::kInternal;
  std::optional<Error> pending_error_;
  ReadRequest read_;
  std::string line_;  // its beginning, while the rest has not come
  std::size_t header_bytes_ = 0;
  std::size_t fields_ = 0;
  std::size_t content_length_ = 0;
  std::optional<ChunkedBody> chunks_;  // of a body that comes in chunks, while it comes
  bool in_body_ = false;
  bool is_http10_ = false;
  bool has_host_ = false;
  bool has_content_length_ = false;
  bool has_transfer_encoding_ = false;
  bool asks_method_ = false;
};

}  // namespace portero
