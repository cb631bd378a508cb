#include "tests/bench/reply.h"

#include <strings.h>

#include <cstdlib>

namespace portero::bench {
namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";

}  // namespace

void Reply::feed(std::string_view bytes) {
  text_.append(bytes);
  if (body_at_ == 0) read_head();
  if (body_at_ != 0 && length_ != std::string::npos) {
    complete_ = text_.size() >= body_at_ + length_;
  }
}

void Reply::end() { complete_ = body_at_ != 0 && length_ == std::string::npos; }

void Reply::read_head() {
  const std::size_t end = text_.find(kHeadEnd);
  if (end == std::string::npos) return;
  body_at_ = end + kHeadEnd.size();
  const std::size_t space = text_.find(' ');
  if (space < end) status_ = std::atoi(text_.c_str() + space + 1);
  const std::string length = header("Content-Length");
  if (!length.empty()) length_ = std::strtoul(length.c_str(), nullptr, 10);
  if (status_ == 204 || status_ == 304) length_ = 0;
}

std::string Reply::header(std::string_view name) const {
  const std::string_view head = std::string_view(text_).substr(0, body_at_);
  for (std::size_t at = head.find("\r\n"); at + 2 < head.size(); at = head.find("\r\n", at + 2)) {
    const std::string_view line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
    if (line.size() <= name.size() || line[name.size()] != ':') continue;
    if (strncasecmp(line.data(), name.data(), name.size()) != 0) continue;
    const std::size_t value = line.find_first_not_of(' ', name.size() + 1);
    return value == std::string_view::npos ? std::string() : std::string(line.substr(value));
  }
  return {};
}

std::string_view Reply::body() const {
  return body_at_ == 0 ? std::string_view() : std::string_view(text_).substr(body_at_);
}

bool Reply::closes() const {
  return length_ == std::string::npos || strcasecmp(header("Connection").c_str(), "close") == 0;
}

}  // namespace portero::bench
