#include "proxy/base/descriptor.h"

#include <unistd.h>

#include <utility>

namespace portero {

int Descriptor::release() { return std::exchange(fd_, -1); }

void Descriptor::reset(int fd) {
  if (fd_ >= 0) ::close(fd_);
  fd_ = fd;
}

}  // namespace portero
