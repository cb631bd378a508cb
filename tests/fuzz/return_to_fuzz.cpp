// An accepted return_to stays on the page's origin by two other judgements, a browser's and
// libcurl's: as written, and once more when a server hands back what it decoded.
#include "tests/fuzz/judgements.h"
#include "wasm/protocol.h"
#include "wasm/return_to.h"

namespace portero::return_to_fuzz {

FUZZ_TARGET(return_to)(const std::uint8_t* data, std::size_t size) {
  const std::string text(text_of(data, size));
  if (!is_return_to(text)) return 0;
  check(size <= kReturnToMax && is_printable(text), "it is short plain text");
  check(stays_in_browser(text), "a browser stays");
  check(stays_in_curl(text), "libcurl stays");
  const auto decoded = percent_decode(text.substr(0, text.find_first_of("?#")));
  check(decoded && stays_in_browser(*decoded), "a browser stays behind a server");
  check(stays_in_curl(*decoded), "libcurl stays behind a server");
  return 0;
}

}  // namespace portero::return_to_fuzz
