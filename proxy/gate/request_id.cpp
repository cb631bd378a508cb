#include "proxy/gate/request_id.h"

#include <sys/random.h>

#include <span>

#include "wasm/encoding.h"

namespace portero {

std::string RequestIds::next() {
  if (used_ == random_.size()) {
    // Zeros, if the system has none, do no harm.
    [[maybe_unused]] const ssize_t got = ::getrandom(random_.data(), random_.size(), 0);
    used_ = 0;
  }
  const auto id = std::span(random_).subspan(used_, kIdSize);
  used_ += kIdSize;
  return hex_encode(id);
}

}  // namespace portero
