#include "proxy/telemetry/line_writer.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace portero {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kPatience = milliseconds(20);

/// A pipe or a socket that polls as writable takes a line at once; an error does not wait, either.
bool poll_writable(int fd, milliseconds wait) {
  pollfd asked{.fd = fd, .events = POLLOUT, .revents = 0};
  return ::poll(&asked, 1, static_cast<int>(wait.count())) > 0;
}

}  // namespace

bool LineWriter::is_writable() {
  if (poll_writable(fd_, milliseconds(0))) return true;
  const Clock::time_point now = Clock::now();
  if (now - second_began_ >= std::chrono::seconds(1)) {
    second_began_ = now;
    waited_ = milliseconds(0);
  }
  if (waited_ >= kPatience) return false;
  const bool ready = poll_writable(fd_, kPatience - waited_);
  waited_ += std::chrono::duration_cast<milliseconds>(Clock::now() - now) + milliseconds(1);
  return ready;
}

bool LineWriter::write_all(std::string_view text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t wrote = ::write(fd_, text.data() + done, text.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) break;
    done += static_cast<std::size_t>(wrote);
  }
  if (done > 0) broken_off_ = done < text.size();
  return done == text.size();
}

bool LineWriter::write(std::string_view line) {
  if (!is_writable()) return false;
  if (broken_off_ && !(write_all("\n") && is_writable())) return false;
  return write_all(line);
}

}  // namespace portero
