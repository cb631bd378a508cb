// A file that lies in memory, for what is read by its path: mode 0600, no disk.
#pragma once

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"

namespace portero {

class MemoryFile {
 public:
  MemoryFile() : file_(::memfd_create("fuzz", MFD_CLOEXEC)) {
    check(file_ >= 0 && ::fchmod(file_, 0600) == 0, "there is memory");
  }
  ~MemoryFile() { ::close(file_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  void write(std::string_view text) const {
    const auto size = static_cast<ssize_t>(text.size());
    check(::ftruncate(file_, 0) == 0 && ::pwrite(file_, text.data(), text.size(), 0) == size, "io");
  }
  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }

 private:
  const int file_;
};

}  // namespace portero
