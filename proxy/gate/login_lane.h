// Which logins are under way, which wait for a place, and which are turned away. A login calls
// GitHub and takes seconds, so it begins on another thread, where none waits for another. Knows
// nothing of sockets, HTTP or GitHub.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

namespace portero {

/// Decides once between the thread that begins a login and the loop that gives it up.
class Ticket {
 public:
  /// True for the one caller who takes it: to begin, or to cancel.
  [[nodiscard]] bool take() { return !taken_.exchange(true); }
  [[nodiscard]] bool is_taken() const { return taken_; }

 private:
  std::atomic<bool> taken_ = false;
};

/// Runs it on another thread, never within the call. False: it never will.
using Post = std::function<bool(std::function<void()>)>;

/// Any thread may call these.
class LoginLane {
 public:
  /// What a login under way holds: it has ended when the last copy is gone.
  using Place = std::shared_ptr<void>;

  struct Login {
    std::shared_ptr<Ticket> ticket;
    std::function<void(Place)> begin;  // does not throw
  };

  /// At most `most` are under way and `queue` wait.
  LoginLane(Post post, std::size_t most, std::size_t queue)
      : post_(std::move(post)), most_(most), queue_most_(queue) {}
  ~LoginLane() { finish(); }
  LoginLane(const LoginLane&) = delete;
  LoginLane& operator=(const LoginLane&) = delete;

  /// Begins it by `post`, now or when there is a place. False: the queue is full, given-up ones not
  /// counted, `post` failed or finish() was called. Then it never begins.
  [[nodiscard]] bool offer(Login login);

  /// Returns when all that were taken have ended. Later offers are refused. Not on the thread of
  /// `post`.
  void finish();

  struct Level {
    std::size_t queued = 0;
    std::size_t running = 0;
  };
  [[nodiscard]] Level level() const;

 private:
  bool post_login(Login login);
  void end_one();

  const Post post_;
  const std::size_t most_;
  const std::size_t queue_most_;
  mutable std::mutex mutex_;
  std::condition_variable emptied_;
  std::deque<Login> queue_;
  std::size_t running_ = 0;
  bool finishing_ = false;
};

}  // namespace portero
