// Threads and a bounded queue, for what the loop must not wait for: calls to GitHub (seconds) never
// delay a page that asks who is signed in (microseconds). Knows nothing of sockets or HTTP.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

namespace portero {

/// Decides once between a worker that starts a job and a loop that gives it up.
class Ticket {
 public:
  /// True for the one caller who takes it: the worker, to run; or the loop, to cancel.
  [[nodiscard]] bool take() { return !taken_.exchange(true); }
  [[nodiscard]] bool is_taken() const { return taken_; }

 private:
  std::atomic<bool> taken_ = false;
};

struct Job {
  std::shared_ptr<Ticket> ticket;
  std::function<void()> run;  // does not throw
};

/// Any thread may call these. A job must not call finish().
class ThreadPool {
 public:
  struct Size {
    std::size_t kept;                                           // threads that stay, 0 for none
    std::size_t most;                                           // threads at once
    std::size_t queue;                                          // jobs waiting
    std::chrono::milliseconds idle = std::chrono::seconds(60);  // then a thread beyond `kept` ends
  };

  explicit ThreadPool(Size size) : size_(size) {}
  ~ThreadPool() { finish(); }
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  /// Queues a job; starts a thread if all are busy and `most` allows. False: the queue is full,
  /// given-up jobs not counted, or finish() was called. Then the job never runs.
  [[nodiscard]] bool offer(Job job);

  /// Runs what is queued, joins every thread, returns. Later offers are refused.
  void finish();

  [[nodiscard]] std::size_t threads() const;

  /// What it is doing now.
  struct Level {
    std::size_t queued = 0;
    std::size_t running = 0;  // threads with a job
    std::size_t threads = 0;
  };
  [[nodiscard]] Level level() const;

 private:
  void work();
  bool start_thread();
  void retire();
  void join_retired(std::unique_lock<std::mutex>& lock);

  const Size size_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> queue_;
  std::list<std::thread> threads_;
  std::list<std::thread> retired_;  // have ended or are about to; to be joined
  std::size_t free_ = 0;
  bool finishing_ = false;
};

}  // namespace portero
