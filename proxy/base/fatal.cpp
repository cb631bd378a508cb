#include "proxy/base/fatal.h"

#include <unistd.h>

namespace portero {

void end_with(std::string_view line) {
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
  ::_exit(1);
}

void end_out_of_memory() {
  end_with("portero: out of memory; raise MemoryMax= or lower `limits`\n");
}

}  // namespace portero
