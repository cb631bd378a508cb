#include "proxy/gate/client_limiter.h"

#include <gtest/gtest.h>

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
  EXPECT_TRUE(limiter.admit(1, "192.0.2.1", settings, kNow));
  EXPECT_TRUE(limiter.admit(2, "::ffff:192.0.2.1", settings, kNow));
  EXPECT_FALSE(limiter.admit(3, "192.0.2.1", settings, kNow));
  EXPECT_TRUE(limiter.admit(4, "192.0.2.2", settings, kNow));
  EXPECT_EQ(limiter.inside(), 3U);
  limiter.leave(3);  // never was inside
  EXPECT_FALSE(limiter.admit(5, "192.0.2.1", settings, kNow));
  limiter.leave(1);
  limiter.leave(1);
  EXPECT_TRUE(limiter.admit(6, "192.0.2.1", settings, kNow));
  EXPECT_FALSE(limiter.admit(7, "192.0.2.1", settings, kNow));
}

TEST(ClientLimiter, CountsOneNetworkAsOneInIpv6) {
  const GateConfig settings = make_limits();
  ClientLimiter limiter;
  EXPECT_TRUE(limiter.admit(1, "2001:db8::1", settings, kNow));
  EXPECT_TRUE(limiter.admit(2, "2001:db8::2", settings, kNow));
  EXPECT_FALSE(limiter.admit(3, "2001:db8::3:4", settings, kNow));
  EXPECT_TRUE(limiter.admit(4, "2001:db8:0:1::1", settings, kNow));
}

TEST(ClientLimiter, NeverCountsATrustedProxy) {
  const GateConfig settings = make_limits();
  ClientLimiter limiter;
  std::uint64_t id = 0;
  for (const std::string_view peer : {"127.0.0.1", "::1", "unix"}) {
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(limiter.admit(++id, peer, settings, kNow)) << peer;
  }
}

TEST(ClientLimiter, ForgetsAnAddressThatWasTrustedWhenItCame) {
  GateConfig settings = make_limits();
  ClientLimiter limiter;
  EXPECT_TRUE(limiter.admit(1, "127.0.0.1", settings, kNow));
  settings.trusted_proxies = {};  // reloaded
  EXPECT_TRUE(limiter.admit(2, "127.0.0.1", settings, kNow));
  limiter.leave(1);
  EXPECT_TRUE(limiter.admit(3, "127.0.0.1", settings, kNow));
  EXPECT_FALSE(limiter.admit(4, "127.0.0.1", settings, kNow));
}

TEST(ClientLimiter, KnowsWhoHasBeenRestingLongest) {
  const GateConfig settings = make_limits();
  ClientLimiter limiter;
  EXPECT_EQ(limiter.longest_resting(kLater), std::nullopt);
  for (std::uint64_t id = 1; id <= 3; ++id) EXPECT_TRUE(limiter.admit(id, "unix", settings, kNow));
  EXPECT_EQ(limiter.longest_resting(kLater), 1U);
  limiter.set_resting(1, false, kNow);
  EXPECT_EQ(limiter.longest_resting(kLater), 2U);
  limiter.set_resting(1, true, kNow);
  EXPECT_EQ(limiter.longest_resting(kLater), 2U);
  limiter.leave(2);
  EXPECT_EQ(limiter.longest_resting(kLater), 3U);
  limiter.set_resting(3, false, kNow);
  EXPECT_EQ(limiter.longest_resting(kLater), 1U);
  limiter.leave(1);
  EXPECT_EQ(limiter.longest_resting(kLater), std::nullopt);
  limiter.set_resting(7, true, kNow);  // nobody
  EXPECT_EQ(limiter.longest_resting(kLater), std::nullopt);
}

TEST(ClientLimiter, GivesANewcomerASecondToBegin) {
  ClientLimiter limiter;
  EXPECT_TRUE(limiter.admit(1, "unix", make_limits(), kNow));
  EXPECT_EQ(limiter.longest_resting(kLater - std::chrono::milliseconds(1)), std::nullopt);
  EXPECT_EQ(limiter.longest_resting(kLater), 1U);
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

}  // namespace
}  // namespace portero
