// The last line of a process that cannot go on.
#pragma once

#include <string_view>

namespace portero {

/// Writes `line` to standard error and exits with status 1. Allocates nothing. Any thread.
[[noreturn]] void end_with(std::string_view line);

/// The same, for an allocation that failed.
[[noreturn]] void end_out_of_memory();

}  // namespace portero
