// Writes lines to a descriptor that may be slow, full or gone (a pipe nobody reads, a full disk).
// A line that it does not take is lost; the caller counts it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace portero {

/// One thread at a time. REQUIRES: SIGPIPE is ignored.
class LineWriter {
 public:
  explicit LineWriter(int fd) : fd_(fd) {}

  /// Writes a whole line, its newline included; false: it is lost. Waits for a slow reader at most
  /// 20 ms in any second, all lines together. That holds for lines up to PIPE_BUF, 4,096 bytes;
  /// only the kernel waits for a disk. If a full disk took half a line, the next begins on a line
  /// of its own.
  bool write(std::string_view line);

 private:
  [[nodiscard]] bool is_writable();
  [[nodiscard]] bool write_all(std::string_view text);

  const int fd_;
  bool broken_off_ = false;  // the last line has no end
  std::chrono::steady_clock::time_point second_began_;
  std::chrono::milliseconds waited_{0};  // in that second
};

}  // namespace portero
