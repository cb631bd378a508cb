// Standard error of this process, into a file, while one of these lives: so that the log is tested
// as it is written.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

namespace portero {

class CapturedStderr {
 public:
  CapturedStderr() : file_(std::tmpfile()), before_(::dup(STDERR_FILENO)) {
    ::dup2(::fileno(file_), STDERR_FILENO);
  }
  ~CapturedStderr() {
    ::dup2(before_, STDERR_FILENO);
    ::close(before_);
    (void)std::fclose(file_);
  }
  CapturedStderr(const CapturedStderr&) = delete;
  CapturedStderr& operator=(const CapturedStderr&) = delete;

  [[nodiscard]] std::string text() const {
    std::string all;
    char bytes[4096];
    off_t at = 0;
    for (ssize_t got = 0; (got = ::pread(::fileno(file_), bytes, sizeof bytes, at)) > 0;
         at += got) {
      all.append(bytes, static_cast<std::size_t>(got));
    }
    return all;
  }

  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> all;
    const std::string whole = text();
    for (std::size_t from = 0; from < whole.size();) {
      const std::size_t end = std::min(whole.find('\n', from), whole.size());
      all.push_back(whole.substr(from, end - from));
      from = end + 1;
    }
    return all;
  }

 private:
  std::FILE* file_;
  const int before_;
};

}  // namespace portero
