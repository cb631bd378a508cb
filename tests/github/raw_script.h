// What goes over the wire for each raw fault, as text and pauses: no sockets here, so that the
// faults can be read in one place. Played by raw_faults.cpp.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "tests/github/github.h"

namespace portero::stand_in {

/// at_once, then `again` so many times with pauses, then at_last, then silence, then the end.
struct Script {
  std::string at_once = {};
  std::string again = {};
  std::size_t repeats = 0;
  int pause_ms = 0;
  std::string at_last = {};
  int linger_ms = 0;
  bool reset = false;  // nothing but a RST
};

/// The request line and headers of a request; nullopt when they are no HTTP/1 request.
[[nodiscard]] std::optional<Call> read_head(std::string_view head);

/// The honest reply in HTTP/1.1, or the fault it names.
[[nodiscard]] Script make_script(const Reply& reply);

}  // namespace portero::stand_in
