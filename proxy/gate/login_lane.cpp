#include "proxy/gate/login_lane.h"

namespace portero {

bool LoginLane::offer(Login login) {
  const std::scoped_lock lock(mutex_);
  if (finishing_) return false;
  if (running_ < most_) {
    const bool is_posted = post_login(std::move(login));
    running_ += is_posted ? 1 : 0;
    return is_posted;
  }
  if (queue_.size() >= queue_most_) {
    std::erase_if(queue_, [](const Login& waiting) { return waiting.ticket->is_taken(); });
  }
  if (queue_.size() >= queue_most_) return false;
  queue_.push_back(std::move(login));
  return true;
}

bool LoginLane::post_login(Login login) {
  return post_([this, login = std::move(login)]() mutable {
    Place place(this, [](LoginLane* lane) { lane->end_one(); });
    if (login.ticket->take()) login.begin(std::move(place));
  });
}

/// Its place goes to who waits first, and has not been given up.
void LoginLane::end_one() {
  const std::scoped_lock lock(mutex_);
  while (!queue_.empty()) {
    Login next = std::move(queue_.front());
    queue_.pop_front();
    if (!next.ticket->is_taken() && post_login(std::move(next))) return;
  }
  if (--running_ == 0) emptied_.notify_all();
}

void LoginLane::finish() {
  std::unique_lock lock(mutex_);
  finishing_ = true;
  emptied_.wait(lock, [this] { return running_ == 0; });
}

LoginLane::Level LoginLane::level() const {
  const std::scoped_lock lock(mutex_);
  return {.queued = queue_.size(), .running = running_};
}

}  // namespace portero
