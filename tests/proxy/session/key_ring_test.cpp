#include "proxy/session/key_ring.h"

#include <gtest/gtest.h>

namespace portero {
namespace {

SealingKey make_dated_key(std::string kid, std::int64_t seal_from,
                          std::optional<std::int64_t> open_until = std::nullopt) {
  return {.kid = std::move(kid), .k = {}, .seal_from = seal_from, .open_until = open_until};
}

TEST(KeyRing, SealsWithTheNewestWhoseTimeHasCome) {
  const KeyRing ring{{make_dated_key("new", 200), make_dated_key("old", 100, 1000)}};
  EXPECT_EQ(ring.sealing_key(99), nullptr);
  EXPECT_EQ(ring.sealing_key(100)->kid, "old");
  EXPECT_EQ(ring.sealing_key(199)->kid, "old");
  EXPECT_EQ(ring.sealing_key(200)->kid, "new");
}

TEST(KeyRing, NeverSealsWithAKeyThatMayNotOpen) {
  const KeyRing ring{{make_dated_key("old", 100, 1000)}};
  EXPECT_EQ(ring.sealing_key(1000), nullptr);
}

TEST(KeyRing, OpensUntilAKeyRunsOut) {
  const KeyRing ring{{make_dated_key("new", 200), make_dated_key("old", 100, 1000)}};
  EXPECT_NE(ring.opening_key("old", 999), nullptr);
  EXPECT_EQ(ring.opening_key("old", 1000), nullptr);
  EXPECT_EQ(ring.opening_key("unknown", 0), nullptr);
}

TEST(KeyRing, OpensWithAKeyThatOnlyAnotherReplicaSealsWithYet) {
  const KeyRing ring{{make_dated_key("new", 200)}};
  EXPECT_NE(ring.opening_key("new", 100), nullptr);
}

}  // namespace
}  // namespace portero
