// Nothing opens as a session unless we sealed it: neither a text of the input's own, nor a sealed
// one with a piece of it replaced.
#include "tests/fuzz/page.h"

namespace portero::session_fuzz {

const KeyRing kRing = make_ring();
const std::string kSealed = seal_visitor(kRing.keys[0]);

bool opens(std::string_view text) {
  return static_cast<bool>(open_session(text, kRing, kHere, kNow));
}

FUZZ_TARGET(session)(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = text_of(data, size);
  check(!opens(rest), "a text made by nobody opens");
  const std::size_t at = std::strtoul(std::string(take(rest)).c_str(), nullptr, 10);
  const std::size_t count = std::strtoul(std::string(take(rest)).c_str(), nullptr, 10);
  std::string changed = kSealed;
  changed.replace(std::min(at, changed.size()), count, rest);
  check(opens(changed) == (changed == kSealed), "just what was sealed opens");
  return 0;
}

}  // namespace portero::session_fuzz
