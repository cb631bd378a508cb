#include "proxy/session/nonce.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/proxy/session/keys.h"

namespace portero {
namespace {

constexpr std::int64_t kWindow = 300;
constexpr std::int64_t kWeek = 7 * 24 * 3600;

TEST(Nonce, IsTheSameForAWindowAndForEveryReplicaWithTheFile) {
  const KeyRing ring{{make_key("a", 1)}};
  const KeyRing replica{{make_key("a", 1)}};
  EXPECT_EQ(*make_nonce(ring, kNow), *make_nonce(replica, kNow + kWindow - 1));
  EXPECT_NE(*make_nonce(ring, kNow), *make_nonce(ring, kNow + kWindow));
  EXPECT_TRUE(is_fresh_nonce(*make_nonce(ring, kNow), replica, kNow + 2 * kWindow - 1));
}

TEST(Nonce, IsAcceptedInItsWindowAndTheNextAndNotBefore) {
  const KeyRing ring{{make_key("a", 1)}};
  const std::string nonce = *make_nonce(ring, kNow);
  for (const std::int64_t age : {0, 1, 299, 300, 599}) {
    EXPECT_TRUE(is_fresh_nonce(nonce, ring, kNow + age)) << age;
  }
  for (const std::int64_t age : {-1, -300, 600, 601, 86400}) {
    EXPECT_FALSE(is_fresh_nonce(nonce, ring, kNow + age)) << age;
  }
}

TEST(Nonce, HasItsFormAndNoOther) {
  const KeyRing ring{{make_key("a", 1)}};
  const std::string nonce = *make_nonce(ring, kNow);
  ASSERT_EQ(nonce.size(), kNonceSize);
  EXPECT_EQ(nonce.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                    "-_"),
            std::string::npos);
  for (const std::string& other :
       {std::string(), nonce.substr(1), nonce.substr(0, 21), nonce + "A", nonce + '\0'}) {
    EXPECT_FALSE(is_fresh_nonce(other, ring, kNow)) << other;
  }
  for (std::size_t i = 0; i < nonce.size(); ++i) {
    std::string changed = nonce;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(is_fresh_nonce(changed, ring, kNow)) << i;
  }
}

TEST(Nonce, DoesNotRepeatInAYear) {
  const KeyRing ring{{make_key("a", 1)}};
  std::set<std::string> seen;
  const std::int64_t windows = 365 * 24 * 12;
  for (std::int64_t i = 0; i < windows; ++i) seen.insert(*make_nonce(ring, kNow + i * kWindow));
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(windows));
}

TEST(Nonce, IsOfNoUseUnderAnotherKey) {
  EXPECT_FALSE(is_fresh_nonce(*make_nonce({{make_key("a", 1)}}, kNow), {{make_key("a", 2)}}, kNow));
}

/// As `keygen --rotate` does it: the new key seals ten minutes later, the old one opens for a week.
TEST(Nonce, OutlivesARotationOnEveryReplica) {
  const KeyRing before{{make_key("a", 1)}};
  KeyRing after{{make_key("a", 1), make_key("b", 2, kNow + 600)}};
  after.keys[0].open_until = kNow + 600 + kWeek;
  for (std::int64_t now = kNow; now < kNow + 600; now += 60) {
    EXPECT_TRUE(is_fresh_nonce(*make_nonce(before, now), after, now));
    EXPECT_TRUE(is_fresh_nonce(*make_nonce(after, now), before, now)) << "not read yet";
  }
  const std::string last_by_the_old = *make_nonce(before, kNow + 599);
  EXPECT_TRUE(is_fresh_nonce(last_by_the_old, after, kNow + 600)) << "the new key seals now";
  EXPECT_NE(*make_nonce(after, kNow + 600), *make_nonce(before, kNow + 600));
  EXPECT_TRUE(is_fresh_nonce(*make_nonce(before, kNow + 600), after, kNow + 600))
      << "a replica whose clock is behind still gives out the old key's";
}

TEST(Nonce, EndsWithItsKey) {
  KeyRing ring{{make_key("a", 1)}};
  ring.keys[0].open_until = kNow + 10;
  const std::string nonce = *make_nonce(ring, kNow);
  EXPECT_TRUE(is_fresh_nonce(nonce, ring, kNow + 9));
  EXPECT_FALSE(is_fresh_nonce(nonce, ring, kNow + 10));
  EXPECT_FALSE(make_nonce(ring, kNow + 10)) << "no key may open: there is nothing to make it with";
}

TEST(Nonce, IsMadeWhileTheClockIsBeforeEveryKey) {
  const KeyRing ring{{make_key("a", 1, kNow + 3600)}};
  EXPECT_TRUE(is_fresh_nonce(*make_nonce(ring, kNow), ring, kNow));
}

}  // namespace
}  // namespace portero
