// Decodes a body that comes in chunks (RFC 9112 §7.1), from bytes as they come, under a stricter
// grammar:
//
//   body = *( size CRLF octets CRLF ) 1*8"0" CRLF CRLF      size: 1 to 8 hex digits, > 0
//
// It refuses all that two programs read differently or that hides bytes: chunk extensions, trailer
// fields, a bare LF, blanks, a sign. Pure: no socket, no clock.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace portero {

class ChunkedBody {
 public:
  enum class State { kReading, kComplete, kRefused };

  /// Takes up to `max` bytes of body, and 4 times that + 1,024 on the wire. So a body of one byte a
  /// chunk is refused before it has cost much.
  explicit ChunkedBody(std::size_t max) : left_(max), wire_left_(4 * max + 1024) {}

  /// Appends what it decodes to `body`; returns how many bytes were taken. Bytes behind a complete
  /// or refused body are left. A chunk that is too long is refused by its size, before any of it.
  std::size_t feed(std::string_view bytes, std::string& body);

  [[nodiscard]] State state() const { return state_; }

 private:
  /// What the next byte belongs to.
  enum class Part { kSize, kSizeEnd, kOctets, kOctetsCr, kOctetsEnd, kBodyCr, kBodyEnd };

  void read_framing(char c);
  void read_size(char c);
  void expect(char expected, char c, Part next);

  std::size_t left_;       // of the body
  std::size_t wire_left_;  // of what may still come, framing included
  std::size_t size_ = 0;   // of the chunk: what is still to come of it
  int digits_ = 0;
  Part part_ = Part::kSize;
  State state_ = State::kReading;
};

}  // namespace portero
