#include "proxy/reloader.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <tuple>
#include <utility>

namespace portero {
namespace {

/// What changes when a file is replaced or written.
using Mark = std::tuple<dev_t, ino_t, off_t, std::int64_t, std::int64_t>;

Mark mark_of(const std::string& path) {
  struct stat about = {};
  if (path.empty() || ::stat(path.c_str(), &about) != 0) return {};
  return {about.st_dev, about.st_ino, about.st_size, about.st_mtim.tv_sec, about.st_mtim.tv_nsec};
}

}  // namespace

Reloader::Reloader(Hooks hooks, std::chrono::milliseconds often)
    : hooks_(std::move(hooks)), often_(often), event_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  thread_ = std::thread([this] { run(); });
}

Reloader::~Reloader() {
  ending_ = true;
  wake();
  thread_.join();
}

void Reloader::request() {
  requested_ = true;
  wake();
}

void Reloader::wake() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(event_.get(), &one, sizeof one);
}

void Reloader::run() {
  Mark known = mark_of(hooks_.key_file());
  while (!ending_) {
    pollfd waiting{.fd = event_.get(), .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, static_cast<int>(often_.count())) > 0) {
      std::uint64_t count = 0;
      [[maybe_unused]] const ssize_t got = ::read(event_.get(), &count, sizeof count);
    }
    if (ending_) return;
    const bool everything = requested_.exchange(false);
    const Mark now = mark_of(hooks_.key_file());
    const bool keys = now != known;
    known = now;  // before it is read: what changes meanwhile is noticed the next time
    if (everything) {
      hooks_.everything();
    } else if (keys && now != Mark()) {
      hooks_.keys();
    }
  }
}

}  // namespace portero
