// The lanes: who runs, who waits, who is turned away.
#include "proxy/gate/thread_pool.h"

#include <gtest/gtest.h>

#include <future>

namespace portero {
namespace {

using namespace std::chrono_literals;

Job make_job(std::function<void()> run) { return {std::make_shared<Ticket>(), std::move(run)}; }

TEST(Ticket, GoesToOneTaker) {
  Ticket ticket;
  EXPECT_FALSE(ticket.is_taken());
  EXPECT_TRUE(ticket.take());
  EXPECT_FALSE(ticket.take());
  EXPECT_TRUE(ticket.is_taken());
}

TEST(ThreadPool, RunsEveryJobItTook) {
  std::atomic<int> done = 0;
  ThreadPool lane({.kept = 2, .most = 2, .queue = 100});
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(lane.offer(make_job([&] { ++done; })));
  lane.finish();
  EXPECT_EQ(done, 100);
}

TEST(ThreadPool, StartsThreadsOnDemandUpToItsMost) {
  std::promise<void> release;
  const std::shared_future<void> released = release.get_future().share();
  std::atomic<int> started = 0;
  ThreadPool lane({.kept = 0, .most = 3, .queue = 10});
  EXPECT_EQ(lane.threads(), 0U);
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(lane.offer(make_job([&] {
      ++started;
      released.wait();
    })));
  }
  EXPECT_EQ(lane.threads(), 3U);
  while (started < 3) std::this_thread::yield();
  EXPECT_EQ(lane.level().queued, 2U);
  EXPECT_EQ(lane.level().running, 3U);
  EXPECT_EQ(lane.level().threads, 3U);
  release.set_value();
  lane.finish();
  EXPECT_EQ(started, 5);
}

TEST(ThreadPool, TurnsAwayWhatItsQueueCannotHold) {
  std::promise<void> release;
  const std::shared_future<void> released = release.get_future().share();
  std::atomic<bool> started = false;
  ThreadPool lane({.kept = 0, .most = 1, .queue = 2});
  ASSERT_TRUE(lane.offer(make_job([&] {
    started = true;
    released.wait();
  })));
  while (!started) std::this_thread::yield();
  Job given_up = make_job([] { FAIL() << "was given up"; });
  const std::shared_ptr<Ticket> ticket = given_up.ticket;
  EXPECT_TRUE(lane.offer(std::move(given_up)));
  EXPECT_TRUE(lane.offer(make_job([] {})));
  EXPECT_FALSE(lane.offer(make_job([] { FAIL() << "was refused"; })));
  // Who gave up makes room.
  EXPECT_TRUE(ticket->take());
  EXPECT_TRUE(lane.offer(make_job([] {})));
  EXPECT_FALSE(lane.offer(make_job([] { FAIL() << "was refused"; })));
  release.set_value();
}

TEST(ThreadPool, EndsThreadsThatHaveNothingToDo) {
  std::atomic<int> done = 0;
  ThreadPool lane({.kept = 0, .most = 4, .queue = 10, .idle = 1ms});
  ASSERT_TRUE(lane.offer(make_job([&] { ++done; })));
  while (lane.threads() > 0) std::this_thread::yield();
  ASSERT_TRUE(lane.offer(make_job([&] { ++done; })));
  lane.finish();
  EXPECT_EQ(done, 2);
}

TEST(ThreadPool, TakesNothingAfterItsEnd) {
  ThreadPool lane({.kept = 1, .most = 1, .queue = 1});
  lane.finish();
  EXPECT_FALSE(lane.offer(make_job([] { FAIL() << "had ended"; })));
}

}  // namespace
}  // namespace portero
