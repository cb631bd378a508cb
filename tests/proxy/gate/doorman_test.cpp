#include "proxy/gate/doorman.h"

#include <gtest/gtest.h>

namespace portero {
namespace {

constexpr Doorman::Time kNow = Doorman::Time(std::chrono::hours(1));
constexpr Doorman::Time kLater = kNow + std::chrono::seconds(1);

Settings make_settings() {
  Settings settings;
  settings.limits.connections_per_address = 2;
  settings.limits.logins_per_address = 3;
  settings.limits.logins_per_address_minute = 60;
  return settings;
}

TEST(Doorman, LetsAnAddressHoldSoManyAndNoMore) {
  const Settings settings = make_settings();
  Doorman doorman;
  EXPECT_TRUE(doorman.admit(1, "192.0.2.1", settings, kNow));
  EXPECT_TRUE(doorman.admit(2, "::ffff:192.0.2.1", settings, kNow));
  EXPECT_FALSE(doorman.admit(3, "192.0.2.1", settings, kNow));
  EXPECT_TRUE(doorman.admit(4, "192.0.2.2", settings, kNow));
  EXPECT_EQ(doorman.inside(), 3U);
  doorman.leave(3);  // never was inside
  EXPECT_FALSE(doorman.admit(5, "192.0.2.1", settings, kNow));
  doorman.leave(1);
  doorman.leave(1);
  EXPECT_TRUE(doorman.admit(6, "192.0.2.1", settings, kNow));
  EXPECT_FALSE(doorman.admit(7, "192.0.2.1", settings, kNow));
}

TEST(Doorman, CountsOneNetworkAsOneInIpv6) {
  const Settings settings = make_settings();
  Doorman doorman;
  EXPECT_TRUE(doorman.admit(1, "2001:db8::1", settings, kNow));
  EXPECT_TRUE(doorman.admit(2, "2001:db8::2", settings, kNow));
  EXPECT_FALSE(doorman.admit(3, "2001:db8::3:4", settings, kNow));
  EXPECT_TRUE(doorman.admit(4, "2001:db8:0:1::1", settings, kNow));
}

TEST(Doorman, NeverCountsATrustedProxy) {
  const Settings settings = make_settings();
  Doorman doorman;
  std::uint64_t id = 0;
  for (const std::string_view peer : {"127.0.0.1", "::1", "unix"}) {
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(doorman.admit(++id, peer, settings, kNow)) << peer;
  }
}

TEST(Doorman, ForgetsAnAddressThatWasTrustedWhenItCame) {
  Settings settings = make_settings();
  Doorman doorman;
  EXPECT_TRUE(doorman.admit(1, "127.0.0.1", settings, kNow));
  settings.trusted_proxies = {};  // reloaded
  EXPECT_TRUE(doorman.admit(2, "127.0.0.1", settings, kNow));
  doorman.leave(1);
  EXPECT_TRUE(doorman.admit(3, "127.0.0.1", settings, kNow));
  EXPECT_FALSE(doorman.admit(4, "127.0.0.1", settings, kNow));
}

TEST(Doorman, KnowsWhoHasBeenRestingLongest) {
  const Settings settings = make_settings();
  Doorman doorman;
  EXPECT_EQ(doorman.longest_resting(kLater), std::nullopt);
  for (std::uint64_t id = 1; id <= 3; ++id) EXPECT_TRUE(doorman.admit(id, "unix", settings, kNow));
  EXPECT_EQ(doorman.longest_resting(kLater), 1U);
  doorman.set_resting(1, false, kNow);
  EXPECT_EQ(doorman.longest_resting(kLater), 2U);
  doorman.set_resting(1, true, kNow);
  EXPECT_EQ(doorman.longest_resting(kLater), 2U);
  doorman.leave(2);
  EXPECT_EQ(doorman.longest_resting(kLater), 3U);
  doorman.set_resting(3, false, kNow);
  EXPECT_EQ(doorman.longest_resting(kLater), 1U);
  doorman.leave(1);
  EXPECT_EQ(doorman.longest_resting(kLater), std::nullopt);
  doorman.set_resting(7, true, kNow);  // nobody
  EXPECT_EQ(doorman.longest_resting(kLater), std::nullopt);
}

TEST(Doorman, GivesANewcomerASecondToBegin) {
  Doorman doorman;
  EXPECT_TRUE(doorman.admit(1, "unix", make_settings(), kNow));
  EXPECT_EQ(doorman.longest_resting(kLater - std::chrono::milliseconds(1)), std::nullopt);
  EXPECT_EQ(doorman.longest_resting(kLater), 1U);
}

TEST(Doorman, LetsEachClientSignInSoOften) {
  const Settings settings = make_settings();
  Doorman doorman;
  const Client one = doorman.recognise("127.0.0.1", "192.0.2.1", settings.trusted_proxies);
  const Client two = doorman.recognise("127.0.0.1", "192.0.2.2", settings.trusted_proxies);
  const Client proxy = doorman.recognise("127.0.0.1", "", settings.trusted_proxies);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(doorman.wait_for_login(one, settings.limits, kNow), 0);
  EXPECT_EQ(doorman.wait_for_login(one, settings.limits, kNow), 1);
  EXPECT_EQ(doorman.wait_for_login(two, settings.limits, kNow), 0);
  for (int i = 0; i < 9; ++i) EXPECT_EQ(doorman.wait_for_login(proxy, settings.limits, kNow), 0);
  EXPECT_EQ(doorman.wait_for_login(one, settings.limits, kLater), 0);
}

}  // namespace
}  // namespace portero
