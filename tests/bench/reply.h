// An HTTP answer, read as it comes: by Content-Length, or to the end of the connection. For the
// load client only: it believes the server.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace portero::bench {

class Reply {
 public:
  /// Takes what came. REQUIRES: !is_complete().
  void feed(std::string_view bytes);
  /// The server closed: what has no Content-Length is complete now.
  void end();

  [[nodiscard]] bool is_complete() const { return complete_; }
  /// True until the first byte.
  [[nodiscard]] bool is_empty() const { return text_.empty(); }
  [[nodiscard]] int status() const { return status_; }
  /// The value of the first header of that name, without regard to case; "" when absent.
  [[nodiscard]] std::string header(std::string_view name) const;
  [[nodiscard]] std::string_view body() const;
  /// True when the server said that it closes.
  [[nodiscard]] bool closes() const;

 private:
  void read_head();

  std::string text_;
  std::size_t body_at_ = 0;  // 0: the head is not there yet
  std::size_t length_ = std::string::npos;
  int status_ = 0;
  bool complete_ = false;
};

}  // namespace portero::bench
