#include "proxy/github/upstream_thread.h"

#include <gtest/gtest.h>

#include <future>
#include <stdexcept>

#include "tests/proxy/captured_stderr.h"

namespace portero {
namespace {

using namespace std::chrono_literals;

/// Runs it there and waits for its end.
void run_there(UpstreamThread& thread, const std::function<void()>& work) {
  std::promise<void> done;
  ASSERT_TRUE(thread.post([&] {
    work();
    done.set_value();
  }));
  done.get_future().wait();
}

TEST(UpstreamThread, RunsWhatIsPostedInItsOrderAndOnItself) {
  UpstreamThread thread;
  std::vector<int> order;
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(thread.post([&order, i] { order.push_back(i); }));
  thread.finish();
  ASSERT_EQ(order.size(), 100U);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

TEST(UpstreamThread, GoesOnAfterAnException) {
  const CapturedStderr log;
  UpstreamThread thread;
  ASSERT_TRUE(thread.post([] { throw std::runtime_error("a secret"); }));
  run_there(thread, [] {});
  EXPECT_NE(log.text().find("handler_failed"), std::string::npos);
  EXPECT_EQ(log.text().find("a secret"), std::string::npos);
}

TEST(UpstreamThread, RunsTimersInTheOrderOfTheirTimes) {
  UpstreamThread thread;
  std::string order;
  std::promise<void> done;
  run_there(thread, [&] {
    const auto now = UpstreamThread::Clock::now();
    thread.at(now + 30ms, [&] { done.set_value(); });
    thread.at(now + 20ms, [&] { order += 'c'; });
    thread.at(now, [&] { order += 'a'; });
    thread.at(now + 10ms, [&] { order += 'b'; });
    thread.cancel(thread.at(now + 5ms, [&] { order += 'x'; }));
  });
  done.get_future().wait();
  EXPECT_EQ(order, "abc");
}

TEST(UpstreamThread, TakesNothingAfterItsEndAndATimerOutlivesIt) {
  UpstreamThread thread;
  UpstreamTimer timer(thread, [] { FAIL() << "had ended"; });
  run_there(thread, [&] { timer.set(UpstreamThread::Clock::now() + 1h); });
  thread.finish();
  const auto owned = std::make_shared<int>();
  EXPECT_FALSE(thread.post([owned] { FAIL() << "had ended"; }));
  EXPECT_EQ(owned.use_count(), 1);
  EXPECT_TRUE(timer.is_set());
}

}  // namespace
}  // namespace portero
