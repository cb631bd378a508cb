// The login lane: who begins, who waits, who is turned away.
#include "proxy/gate/login_lane.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace portero {
namespace {

TEST(Ticket, GoesToOneTaker) {
  Ticket ticket;
  EXPECT_FALSE(ticket.is_taken());
  EXPECT_TRUE(ticket.take());
  EXPECT_FALSE(ticket.take());
  EXPECT_TRUE(ticket.is_taken());
}

/// Runs what was posted when it is told to, as the upstream thread does in its turn.
struct Thread {
  std::vector<std::function<void()>> posted;
  bool takes = true;

  Post post() {
    return [this](std::function<void()> work) {
      if (takes) posted.push_back(std::move(work));
      return takes;
    };
  }
  void run() {
    for (const auto& work : std::exchange(posted, {})) work();
  }
};

class LoginLanes : public ::testing::Test {
 protected:
  /// One that stays under way until its place is given up.
  LoginLane::Login make_login() {
    return {std::make_shared<Ticket>(),
            [this](LoginLane::Place place) { under_way.push_back(std::move(place)); }};
  }
  void end_first() { under_way.erase(under_way.begin()); }

  Thread thread;
  std::vector<LoginLane::Place> under_way;
};

TEST_F(LoginLanes, BeginAsManyAsTheyMayAndTheRestAsThoseEnd) {
  LoginLane lane(thread.post(), 2, 10);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(lane.offer(make_login()));
  thread.run();
  EXPECT_EQ(under_way.size(), 2U);
  EXPECT_EQ(lane.level().queued, 3U);
  EXPECT_EQ(lane.level().running, 2U);
  for (std::size_t left = 3; left > 0; --left) {
    end_first();
    EXPECT_EQ(under_way.size(), 1U) << "the next begins in its turn, not within the end";
    thread.run();
    EXPECT_EQ(under_way.size(), 2U);
    EXPECT_EQ(lane.level().queued, left - 1);
  }
  under_way.clear();
  EXPECT_EQ(lane.level().running, 0U);
}

TEST_F(LoginLanes, TurnAwayWhatTheirQueueCannotHold) {
  LoginLane lane(thread.post(), 1, 2);
  ASSERT_TRUE(lane.offer(make_login()));
  const LoginLane::Login given_up = make_login();
  EXPECT_TRUE(lane.offer(given_up));
  EXPECT_TRUE(lane.offer(make_login()));
  EXPECT_FALSE(lane.offer(make_login()));
  // Who gave up makes room.
  EXPECT_TRUE(given_up.ticket->take());
  EXPECT_TRUE(lane.offer(make_login()));
  EXPECT_FALSE(lane.offer(make_login()));
  for (int begun = 1; begun <= 3; ++begun) {
    thread.run();
    ASSERT_EQ(under_way.size(), 1U) << "who gave up never begins";
    end_first();
  }
  thread.run();
  EXPECT_TRUE(under_way.empty());
}

TEST_F(LoginLanes, LoseNoPlaceToOneThatWasGivenUpOnItsWay) {
  LoginLane lane(thread.post(), 1, 1);
  const LoginLane::Login given_up = make_login();
  ASSERT_TRUE(lane.offer(given_up));
  EXPECT_TRUE(given_up.ticket->take());
  ASSERT_TRUE(lane.offer(make_login()));
  thread.run();
  thread.run();
  EXPECT_EQ(under_way.size(), 1U);
  under_way.clear();
}

TEST_F(LoginLanes, TurnAwayWhatNoThreadTakes) {
  LoginLane lane(thread.post(), 1, 1);
  thread.takes = false;
  EXPECT_FALSE(lane.offer(make_login()));
  EXPECT_EQ(lane.level().running, 0U);
}

TEST_F(LoginLanes, FinishWhenAllHaveEndedAndTakeNoMore) {
  LoginLane lane(thread.post(), 1, 1);
  ASSERT_TRUE(lane.offer(make_login()));
  thread.run();
  std::atomic<bool> is_finished = false;
  std::thread finishing([&] {
    lane.finish();
    is_finished = true;
  });
  while (lane.offer({std::make_shared<Ticket>(), [](const LoginLane::Place&) {}})) thread.run();
  EXPECT_FALSE(is_finished);
  under_way.clear();
  while (!is_finished) {
    thread.run();
    std::this_thread::yield();
  }
  finishing.join();
}

}  // namespace
}  // namespace portero
