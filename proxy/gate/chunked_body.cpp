#include "proxy/gate/chunked_body.h"

#include <algorithm>
#include <optional>

#include "proxy/base/text.h"

namespace portero {
namespace {

constexpr int kDigitsMax = 8;

std::optional<std::size_t> read_hex_digit(char c) {
  if (is_digit(c)) return static_cast<std::size_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::size_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<std::size_t>(c - 'A' + 10);
  return std::nullopt;
}

}  // namespace

std::size_t ChunkedBody::feed(std::string_view bytes, std::string& body) {
  std::size_t used = 0;
  while (used < bytes.size() && state_ == State::kReading) {
    const std::size_t most = part_ == Part::kOctets ? size_ : 1;
    const std::string_view part = bytes.substr(used, std::min(most, wire_left_));
    if (part.empty()) {
      state_ = State::kRefused;
      break;
    }
    used += part.size();
    wire_left_ -= part.size();
    if (part_ != Part::kOctets) {
      read_framing(part.front());
      continue;
    }
    body.append(part);
    size_ -= part.size();
    if (size_ == 0) part_ = Part::kOctetsCr;
  }
  return used;
}

void ChunkedBody::read_framing(char c) {
  switch (part_) {
    case Part::kSize:
      return read_size(c);
    case Part::kSizeEnd:
      return expect('\n', c, size_ == 0 ? Part::kBodyCr : Part::kOctets);
    case Part::kOctets:
      return;  // feed() takes these
    case Part::kOctetsCr:
      return expect('\r', c, Part::kOctetsEnd);
    case Part::kOctetsEnd:
      return expect('\n', c, Part::kSize);
    case Part::kBodyCr:
      return expect('\r', c, Part::kBodyEnd);
    case Part::kBodyEnd:
      expect('\n', c, Part::kBodyEnd);
      if (state_ == State::kReading) state_ = State::kComplete;
      return;
  }
}

void ChunkedBody::read_size(char c) {
  if (c == '\r' && digits_ > 0) {
    digits_ = 0;
    left_ -= size_;
    part_ = Part::kSizeEnd;
    return;
  }
  const std::optional<std::size_t> digit = read_hex_digit(c);
  if (!digit || ++digits_ > kDigitsMax) {
    state_ = State::kRefused;
    return;
  }
  size_ = size_ * 16 + *digit;
  if (size_ > left_) state_ = State::kRefused;
}

void ChunkedBody::expect(char expected, char c, Part next) {
  if (c != expected) state_ = State::kRefused;
  part_ = next;
}

}  // namespace portero
