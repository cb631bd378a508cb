#include "proxy/github/upstream_thread.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <system_error>

#include "proxy/base/wake.h"
#include "proxy/telemetry/log.h"

namespace portero {
namespace {

constexpr std::size_t kEvents = 64;

/// One that fails leaves the others their turn.
void run_guarded(const UpstreamThread::Work& work) {
  try {
    work();
  } catch (...) {
    log_event(Level::kError, "handler_failed", {{"request", "-"}});
  }
}

bool control(int epoll, int operation, int fd, std::uint32_t events) {
  epoll_event event = {};
  event.events = events;
  event.data.fd = fd;
  return ::epoll_ctl(epoll, operation, fd, &event) == 0;
}

}  // namespace

bool UpstreamThread::start() {
  if (!epoll_.is_open()) epoll_.reset(::epoll_create1(EPOLL_CLOEXEC));
  if (!wake_.is_open()) wake_.reset(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!epoll_.is_open() || !wake_.is_open()) return false;
  const bool is_watched = control(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), EPOLLIN);
  if (!is_watched && errno != EEXIST) return false;
  try {
    thread_ = std::thread([this] { run(); });
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

bool UpstreamThread::post(Work work) {
  const std::scoped_lock lock(mutex_);
  if (finishing_ || (!thread_.joinable() && !start())) return false;
  posted_.push_back(std::move(work));
  if (!std::exchange(is_woken_, true)) wake(wake_.get());
  return true;
}

void UpstreamThread::finish() {
  std::thread running;
  {
    const std::scoped_lock lock(mutex_);
    finishing_ = true;
    running = std::move(thread_);
    if (running.joinable()) wake(wake_.get());
  }
  if (running.joinable()) running.join();
}

UpstreamThread::Timers::iterator UpstreamThread::at(Clock::time_point time, Work work) {
  return timers_.emplace(time, std::move(work));
}

void UpstreamThread::watch(int fd, std::uint32_t events, const Ready& ready) {
  const bool is_known = watched_.contains(fd);
  if (!is_known) watched_.emplace(fd, ready);
  const int first = is_known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
  const int second = is_known ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  // The number may be a new socket's by now, or still be the old one's.
  if (control(epoll_.get(), first, fd, events)) return;
  if (errno == ENOENT || errno == EEXIST) control(epoll_.get(), second, fd, events);
}

void UpstreamThread::unwatch(int fd) {
  watched_.erase(fd);
  control(epoll_.get(), EPOLL_CTL_DEL, fd, 0);
}

void UpstreamThread::run() {
  while (true) {
    run_posted();
    {
      const std::scoped_lock lock(mutex_);
      if (finishing_ && posted_.empty()) return;
    }
    run_timers();
    wait();
  }
}

void UpstreamThread::run_posted() {
  std::vector<Work> posted;
  {
    const std::scoped_lock lock(mutex_);
    posted.swap(posted_);
  }
  for (Work& work : posted) run_guarded(std::exchange(work, nullptr));
}

/// What sets a timer anew for now has its turn after the sockets.
void UpstreamThread::run_timers() {
  const Clock::time_point now = Clock::now();
  while (!timers_.empty() && timers_.begin()->first <= now) {
    const auto first = timers_.extract(timers_.begin());
    run_guarded(first.mapped());
  }
}

int UpstreamThread::milliseconds_left() const {
  if (timers_.empty()) return -1;
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(timers_.begin()->first - Clock::now());
  return static_cast<int>(
      std::clamp<std::int64_t>(left.count(), 0, std::numeric_limits<int>::max()));
}

void UpstreamThread::wait() {
  std::array<epoll_event, kEvents> events;
  const int count = ::epoll_wait(epoll_.get(), events.data(), kEvents, milliseconds_left());
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    if (event.data.fd == wake_.get()) {
      const std::scoped_lock lock(mutex_);
      std::uint64_t told = 0;
      [[maybe_unused]] const ssize_t got = ::read(wake_.get(), &told, sizeof told);
      is_woken_ = false;
      continue;
    }
    const auto watched = watched_.find(event.data.fd);  // an earlier event may have ended it
    if (watched == watched_.end()) continue;
    const Ready ready = watched->second;
    run_guarded([&ready, &event] { ready(event.events); });
  }
}

void UpstreamTimer::set(UpstreamThread::Clock::time_point time) {
  clear();
  timer_ = thread_.at(time, [this] {
    timer_.reset();
    work_();
  });
}

void UpstreamTimer::clear() {
  if (timer_) thread_.cancel(*std::exchange(timer_, std::nullopt));
}

}  // namespace portero
