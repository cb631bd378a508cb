#include "proxy/gate/request_reader.h"

#include <algorithm>
#include <utility>

#include "proxy/base/text.h"
#include "wasm/protocol.h"

namespace portero {
namespace {

/// RFC 9110 §5.6.2.
bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && is_alphanumeric_or(kMarks, text);
}

/// origin-form in visible ASCII; a fragment never travels.
bool is_origin_form(std::string_view target) {
  return target.starts_with('/') && std::all_of(target.begin(), target.end(), [](char c) {
           return c > ' ' && c <= '~' && c != '#';
         });
}

/// No control byte and no `%`: nobody behind the gate has to ask whether a value was decoded.
bool is_plain(std::string_view value) {
  return std::all_of(value.begin(), value.end(),
                     [](char c) { return c >= ' ' && c <= '~' && c != '%'; });
}

bool is_authority(std::string_view value) {
  return !value.empty() && is_alphanumeric_or("-._:[]", value);
}

bool has_member(std::string_view list, std::string_view lower_case) {
  while (!list.empty()) {
    if (equals_ignoring_case(strip(take_part(list, ',')), lower_case)) return true;
  }
  return false;
}

bool takes_body(std::string_view method) {
  return method == "POST" || method == "PUT" || method == "PATCH";
}

void join(std::string& lines, std::string_view value, std::string_view between) {
  if (!lines.empty()) lines.append(between);
  lines.append(value);
}

}  // namespace

std::size_t RequestReader::feed(std::string_view bytes) {
  std::size_t used = 0;
  while (used < bytes.size() && !in_body_ && state_ != State::kRefused &&
         state_ != State::kComplete) {
    state_ = State::kReading;
    const std::string_view rest = bytes.substr(used);
    const std::size_t newline = rest.find('\n');
    const std::string_view part = rest.substr(0, newline);
    header_bytes_ += part.size() + 1;
    if (header_bytes_ > limits_->headers) {
      refuse(Error::kHeadersTooLarge);
      return used;
    }
    used += part.size();
    if (newline == std::string_view::npos) {
      line_.append(part);
      --header_bytes_;
      break;
    }
    ++used;
    // Most lines come whole and are read where they stand.
    if (line_.empty()) {
      end_line(part);
    } else {
      end_line(std::exchange(line_, {}).append(part));
    }
  }
  if (in_body_ && state_ == State::kReading) used += feed_body(bytes.substr(used));
  return used;
}

std::size_t RequestReader::feed_body(std::string_view bytes) {
  std::string& body = read_.request.body;
  if (chunks_) {
    const std::size_t used = chunks_->feed(bytes, body);
    if (chunks_->state() == ChunkedBody::State::kRefused) refuse(Error::kBadRequest);
    if (chunks_->state() == ChunkedBody::State::kComplete) state_ = State::kComplete;
    return used;
  }
  const std::string_view part = bytes.substr(0, content_length_ - body.size());
  body.append(part);
  if (body.size() == content_length_) state_ = State::kComplete;
  return part.size();
}

void RequestReader::end_line(std::string_view line) {
  if (!line.ends_with('\r')) return refuse(Error::kBadRequest);
  const std::string_view text = line.substr(0, line.size() - 1);
  if (text.find('\r') != std::string_view::npos || text.find('\0') != std::string_view::npos) {
    return refuse(Error::kBadRequest);
  }
  if (read_.request.method.empty()) return read_request_line(text);
  if (text.empty()) return end_headers();
  read_field(text);
}

void RequestReader::read_request_line(std::string_view line) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return refuse(Error::kBadRequest);
  const std::string_view method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  is_http10_ = version == "HTTP/1.0";
  if (!is_token(method) || !is_origin_form(target) || (version != "HTTP/1.1" && !is_http10_)) {
    return refuse(Error::kBadRequest);
  }
  read_.request.method = method;
  read_.request.target = target;
  read_.keep_alive = !is_http10_;
  if (target.size() > limits_->target) refuse_at_end(Error::kHeadersTooLarge);
}

void RequestReader::read_field(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
    return refuse(Error::kBadRequest);
  }
  if (++fields_ > limits_->header_fields) refuse_at_end(Error::kHeadersTooLarge);
  keep_field(line.substr(0, colon), strip(line.substr(colon + 1)));
}

/// A body that is not waited for would be taken for the next request.
void RequestReader::keep_internal_field(std::string_view name, std::string_view value) {
  if (equals_ignoring_case(name, "cookie")) return join(read_.request.cookies, value, "; ");
  const bool frames = equals_ignoring_case(name, "content-length") ||
                      equals_ignoring_case(name, "transfer-encoding");
  const bool closes = equals_ignoring_case(name, "connection") && has_member(value, "close");
  if (frames || closes) read_.keep_alive = false;
}

void RequestReader::keep_field(std::string_view name, std::string_view value) {
  if (rules_ == Rules::kInternal) return keep_internal_field(name, value);
  Request& request = read_.request;
  if (equals_ignoring_case(name, "origin")) return keep_once(request.origin, value);
  if (equals_ignoring_case(name, "sec-fetch-site")) return keep_once(request.sec_fetch_site, value);
  if (equals_ignoring_case(name, "x-portero")) return keep_once(request.x_portero, value);
  if (equals_ignoring_case(name, "content-type")) return keep_once(request.content_type, value);
  if (equals_ignoring_case(name, "authorization")) return keep_once(request.authorization, value);
  if (equals_ignoring_case(name, "dpop")) return keep_once(request.dpop, value);
  if (equals_ignoring_case(name, "content-length")) return read_content_length(value);
  if (equals_ignoring_case(name, "transfer-encoding")) return read_transfer_encoding(value);
  if (equals_ignoring_case(name, "content-encoding"))
    return refuse_at_end(Error::kUnsupportedMediaType);
  if (equals_ignoring_case(name, "cookie")) return join(read_.request.cookies, value, "; ");
  if (equals_ignoring_case(name, "x-forwarded-for")) return join(read_.forwarded_for, value, ",");
  if (equals_ignoring_case(name, "if-none-match")) return join(read_.if_none_match, value, ", ");
  if (equals_ignoring_case(name, "accept-encoding"))
    return join(read_.accept_encoding, value, ", ");
  if (equals_ignoring_case(name, "access-control-request-method")) asks_method_ = true;
  if (equals_ignoring_case(name, "connection") && has_member(value, "close"))
    read_.keep_alive = false;
  if (equals_ignoring_case(name, "host")) {
    if (has_host_ || !is_authority(value)) refuse_at_end(Error::kBadRequest);
    has_host_ = true;
    request.host = value;
  }
}

void RequestReader::keep_once(std::optional<std::string>& field, std::string_view value) {
  if (field || value.empty() || !is_plain(value)) {
    field = "";  // of two neither is the one: the refusal is shared with no origin
    return refuse_at_end(Error::kBadRequest);
  }
  field = value;
}

void RequestReader::read_content_length(std::string_view value) {
  if (has_content_length_ || value.empty() || !std::all_of(value.begin(), value.end(), is_digit)) {
    return refuse_at_end(Error::kBadRequest);
  }
  has_content_length_ = true;
  for (const char digit : value) {
    content_length_ = content_length_ * 10 + static_cast<std::size_t>(digit - '0');
    if (content_length_ > limits_->body) return refuse_at_end(Error::kTooLarge);
  }
}

/// RFC 9112 §7 allows lists of codings. Whoever sends one means something else than we could read.
void RequestReader::read_transfer_encoding(std::string_view value) {
  if (has_transfer_encoding_ || !equals_ignoring_case(value, "chunked")) {
    refuse_at_end(Error::kBadRequest);
  }
  has_transfer_encoding_ = true;
}

/// RFC 9112 §6.1: chunks beside a length, or in HTTP/1.0, are how requests are smuggled. Some
/// fronts write a DELETE without a body as one in chunks.
bool RequestReader::may_come_in_chunks() const {
  const std::string& method = read_.request.method;
  return !is_http10_ && !has_content_length_ && (takes_body(method) || method == "DELETE");
}

void RequestReader::end_headers() {
  const Request& request = read_.request;
  const bool is_health = request.target == kHealthPath || request.target == kReadyPath;
  if (rules_ == Rules::kVisitor && !has_host_ && !(is_http10_ && is_health))
    refuse_at_end(Error::kBadRequest);
  if (content_length_ > 0 && !takes_body(request.method)) refuse_at_end(Error::kBadRequest);
  if (has_transfer_encoding_ && !may_come_in_chunks()) refuse_at_end(Error::kBadRequest);
  find_route();
  if (pending_error_) return refuse(*pending_error_);
  read_.is_preflight = request.method == "OPTIONS" && asks_method_ && request.origin.has_value();
  if (has_transfer_encoding_) chunks_.emplace(takes_body(request.method) ? limits_->body : 0);
  in_body_ = chunks_ || content_length_ > 0;
  if (!in_body_) state_ = State::kComplete;
}

void RequestReader::find_route() {
  if (match_ == nullptr) return;
  Request& request = read_.request;
  const Listener listener = rules_ == Rules::kInternal ? Listener::kInternal : Listener::kVisitors;
  RouteMatch match = (*match_)(listener, request.method, path_of(request.target));
  request.route = match.route;
  request.allow = std::move(match.allow);
}

void RequestReader::refuse(Error error) {
  state_ = State::kRefused;
  error_ = error;
}

void RequestReader::refuse_at_end(Error error) {
  if (!pending_error_) pending_error_ = error;
}

ReadRequest RequestReader::take() {
  ReadRequest done = std::move(read_);
  read_ = {};
  state_ = State::kEmpty;
  pending_error_.reset();
  line_.clear();
  header_bytes_ = fields_ = content_length_ = 0;
  chunks_.reset();
  in_body_ = is_http10_ = has_host_ = asks_method_ = false;
  has_content_length_ = has_transfer_encoding_ = false;
  return done;
}

}  // namespace portero
