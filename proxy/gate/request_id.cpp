#include "proxy/gate/request_id.h"

#include <sys/random.h>

#include <array>

#include "wasm/encoding.h"

namespace portero {

std::string make_request_id() {
  std::array<unsigned char, 8> random{};
  // Zeros, if the system has none, do no harm.
  [[maybe_unused]] const ssize_t got = ::getrandom(random.data(), random.size(), 0);
  return hex_encode(random);
}

}  // namespace portero
