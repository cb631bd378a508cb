#include "proxy/gate/client_limiter.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace portero {
namespace {

constexpr ClientLimiter::Time kNow = ClientLimiter::Time(std::chrono::hours(1));
constexpr ClientLimiter::Time kLater = kNow + std::chrono::seconds(1);

GateConfig make_limits() {
  GateConfig settings{.trusted_proxies = Settings().trusted_proxies};
  settings.limits.connections_per_address = 2;
  settings.limits.logins_per_address = 3;
  settings.limits.logins_per_address_minute = 60;
  return settings;
}

TEST(ClientLimiter, LetsAnAddressHoldSoManyAndNoMore) {
  const GateConfig settings = make_limits();
  ClientLimiter limiter;
  EXPECT_TRUE(limiter.admit(1, "192.0.2.1", settings));
  EXPECT_TRUE(limiter.admit(2, "::ffff:192.0.2.1", settings));
  EXPECT_FALSE(limiter.admit(3, "192.0.2.1", settings));
  EXPECT_TRUE(limiter.admit(4, "192.0.2.2", settings));
  EXPECT_EQ(limiter.inside(), 3U);
  limiter.leave(3);  // never was inside
  EXPECT_FALSE(limiter.admit(5, "192.0.2.1", settings));
  limiter.leave(1);
  limiter.leave(1);
  EXPECT_TRUE(limiter.admit(6, "192.0.2.1", settings));
  EXPECT_FALSE(limiter.admit(7, "192.0.2.1", settings));
}

TEST(ClientLimiter, CountsOneNetworkAsOneInIpv6) {
  const GateConfig settings = make_limits();
  ClientLimiter limiter;
  EXPECT_TRUE(limiter.admit(1, "2001:db8::1", settings));
  EXPECT_TRUE(limiter.admit(2, "2001:db8::2", settings));
  EXPECT_FALSE(limiter.admit(3, "2001:db8::3:4", settings));
  EXPECT_TRUE(limiter.admit(4, "2001:db8:0:1::1", settings));
}

TEST(ClientLimiter, NeverCountsATrustedProxy) {
  const GateConfig settings = make_limits();
  ClientLimiter limiter;
  std::uint64_t id = 0;
  for (const std::string_view peer : {"127.0.0.1", "::1", "unix"}) {
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(limiter.admit(++id, peer, settings)) << peer;
  }
}

TEST(ClientLimiter, ForgetsAnAddressThatWasTrustedWhenItCame) {
  GateConfig settings = make_limits();
  ClientLimiter limiter;
  EXPECT_TRUE(limiter.admit(1, "127.0.0.1", settings));
  settings.trusted_proxies = {};  // reloaded
  EXPECT_TRUE(limiter.admit(2, "127.0.0.1", settings));
  limiter.leave(1);
  EXPECT_TRUE(limiter.admit(3, "127.0.0.1", settings));
  EXPECT_FALSE(limiter.admit(4, "127.0.0.1", settings));
}

TEST(ClientLimiter, LetsEachClientSignInSoOften) {
  const GateConfig settings = make_limits();
  ClientLimiter limiter;
  const RemoteClient one = limiter.recognise("127.0.0.1", "192.0.2.1", settings.trusted_proxies);
  const RemoteClient two = limiter.recognise("127.0.0.1", "192.0.2.2", settings.trusted_proxies);
  const RemoteClient proxy = limiter.recognise("127.0.0.1", "", settings.trusted_proxies);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limiter.wait_for_login(one, settings.limits, kNow), 0);
  EXPECT_EQ(limiter.wait_for_login(one, settings.limits, kNow), 1);
  EXPECT_EQ(limiter.wait_for_login(two, settings.limits, kNow), 0);
  for (int i = 0; i < 9; ++i) EXPECT_EQ(limiter.wait_for_login(proxy, settings.limits, kNow), 0);
  EXPECT_EQ(limiter.wait_for_login(one, settings.limits, kLater), 0);
}

TEST(ClientLimiter, CountsForSeveralThreadsAtOnce) {
  const GateConfig settings = make_limits();
  ClientLimiter limiter;
  std::vector<std::thread> threads;
  std::atomic<int> admitted = 0;
  for (std::uint64_t thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (std::uint64_t i = 0; i < 200; ++i) {
        const std::uint64_t id = thread * 1000 + i;
        if (limiter.admit(id, "192.0.2.1", settings)) ++admitted;
        if (i % 2 == 0) limiter.leave(id);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GE(admitted, 2);
  EXPECT_EQ(limiter.inside(), 2U);
}

}  // namespace
}  // namespace portero
