// The thread that calls GitHub: one for all sign-ins. It runs what is posted to it, waits on
// libcurl's sockets by epoll, and keeps timers. Nothing that runs here may block. Knows no libcurl
// (connection_pool.h), no HTTP and no sign-in.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "proxy/base/descriptor.h"

namespace portero {

class UpstreamThread {
 public:
  using Clock = std::chrono::steady_clock;
  using Work = std::function<void()>;
  using Ready = std::function<void(std::uint32_t events)>;  // of epoll
  using Timers = std::multimap<Clock::time_point, Work>;

  UpstreamThread() = default;
  ~UpstreamThread() { finish(); }
  UpstreamThread(const UpstreamThread&) = delete;
  UpstreamThread& operator=(const UpstreamThread&) = delete;

  /// Any thread: runs `work` on this one, in the order of posting. The first starts the thread. An
  /// exception of it is logged and goes no further. False: the system has no thread or descriptor
  /// to give, or finish() was called; `work` is destroyed and never runs.
  [[nodiscard]] bool post(Work work);

  /// Runs what was posted, but no more timers, and joins. Waits for no transfer. Not on this
  /// thread.
  void finish();

  // What follows is for this thread alone, or for any once finish() has returned.

  /// Runs `work` once, at that time or soon after.
  Timers::iterator at(Clock::time_point time, Work work);
  /// REQUIRES: the timer has not run.
  void cancel(Timers::iterator timer) { timers_.erase(timer); }

  /// Calls `ready` whenever the socket is; for a socket that is watched already, `events` change.
  void watch(int fd, std::uint32_t events, const Ready& ready);
  void unwatch(int fd);

 private:
  bool start();
  void run();
  void run_posted();
  void run_timers();
  [[nodiscard]] int milliseconds_left() const;
  void wait();

  std::mutex mutex_;
  std::vector<Work> posted_;
  bool is_woken_ = false;
  bool finishing_ = false;
  std::thread thread_;
  Descriptor epoll_;
  Descriptor wake_;
  Timers timers_;
  std::map<int, Ready> watched_;
};

/// A timer of its owner's: set again as often as need be, and gone with it.
class UpstreamTimer {
 public:
  UpstreamTimer(UpstreamThread& thread, UpstreamThread::Work work)
      : thread_(thread), work_(std::move(work)) {}
  ~UpstreamTimer() { clear(); }
  UpstreamTimer(const UpstreamTimer&) = delete;
  UpstreamTimer& operator=(const UpstreamTimer&) = delete;

  void set(UpstreamThread::Clock::time_point time);
  void clear();
  [[nodiscard]] bool is_set() const { return timer_.has_value(); }

 private:
  UpstreamThread& thread_;
  const UpstreamThread::Work work_;
  std::optional<UpstreamThread::Timers::iterator> timer_;
};

}  // namespace portero
