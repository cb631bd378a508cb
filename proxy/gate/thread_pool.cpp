#include "proxy/gate/thread_pool.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace portero {

bool ThreadPool::offer(Job job) {
  std::unique_lock lock(mutex_);
  if (finishing_) return false;
  if (queue_.size() >= size_.queue) {
    std::erase_if(queue_, [](const Job& waiting) { return waiting.ticket->is_taken(); });
  }
  // A thread that is free takes its job at once: only what waits beyond those counts.
  const bool starts = free_ <= queue_.size() && threads_.size() < size_.most && start_thread();
  const std::size_t takers = free_ + (starts ? 1 : 0);
  if (threads_.empty() || queue_.size() >= size_.queue + takers) return false;
  queue_.push_back(std::move(job));
  wake_.notify_one();
  join_retired(lock);
  return true;
}

bool ThreadPool::start_thread() {
  try {
    threads_.emplace_back([this] { work(); });
    return true;
  } catch (const std::system_error&) {
    return false;  // the system has no thread to give: those that run must do
  }
}

void ThreadPool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    ++free_;
    const bool woken =
        wake_.wait_for(lock, size_.idle, [this] { return finishing_ || !queue_.empty(); });
    --free_;
    if (!queue_.empty()) {
      const Job job = std::move(queue_.front());
      queue_.pop_front();
      lock.unlock();
      if (job.ticket->take()) job.run();
      lock.lock();
      continue;
    }
    if (finishing_) return;
    if (!woken && threads_.size() > size_.kept) return retire();
  }
}

void ThreadPool::retire() {
  const auto self = std::find_if(threads_.begin(), threads_.end(), [](const std::thread& thread) {
    return thread.get_id() == std::this_thread::get_id();
  });
  if (self != threads_.end()) retired_.splice(retired_.end(), threads_, self);
}

void ThreadPool::join_retired(std::unique_lock<std::mutex>& lock) {
  std::list<std::thread> ended = std::move(retired_);
  retired_.clear();
  lock.unlock();
  for (std::thread& thread : ended) thread.join();
}

void ThreadPool::finish() {
  std::unique_lock lock(mutex_);
  finishing_ = true;
  wake_.notify_all();
  std::list<std::thread> running = std::move(threads_);
  threads_.clear();
  join_retired(lock);
  for (std::thread& thread : running) thread.join();
}

std::size_t ThreadPool::threads() const {
  const std::scoped_lock lock(mutex_);
  return threads_.size();
}

ThreadPool::Level ThreadPool::level() const {
  const std::scoped_lock lock(mutex_);
  return {.queued = queue_.size(),
          .running = threads_.size() - std::min(free_, threads_.size()),
          .threads = threads_.size()};
}

}  // namespace portero
