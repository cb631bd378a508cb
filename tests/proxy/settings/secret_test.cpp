#include "proxy/settings/secret.h"

#include <gtest/gtest.h>

#include <sstream>
#include <type_traits>

namespace portero {
namespace {

template <typename T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;  // as in a line of a log
};
template <typename T>
concept Comparable = requires(const T& value) {
  value == value;  // in a time that tells where they differ
};

TEST(Secret, CanNeitherBePrintedNorComparedNorTakenForAString) {
  EXPECT_FALSE(Printable<Secret>);
  EXPECT_FALSE(Comparable<Secret>);
  EXPECT_FALSE((std::is_convertible_v<Secret, std::string_view>));
  EXPECT_FALSE((std::is_convertible_v<std::string, Secret>));
}

TEST(Secret, IsLeftEmptyWhenMovedFrom) {
  for (const std::size_t length : {3U, 300U}) {  // inside the object, and on the heap
    Secret first{std::string(length, 's')};
    Secret second = std::move(first);
    EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move)
    EXPECT_EQ(second.reveal(), std::string(length, 's'));
    first = std::move(second);
    EXPECT_TRUE(second.empty());  // NOLINT(bugprone-use-after-move)
    EXPECT_EQ(first.reveal(), std::string(length, 's'));
  }
}

TEST(Secret, CopiesAreTheirOwn) {
  const Secret first{"secret"};
  Secret second = first;
  second = Secret("other");
  EXPECT_EQ(first.reveal(), "secret");
  EXPECT_EQ(second.reveal(), "other");
}

TEST(Secret, WipingLeavesNoByte) {
  std::string text(300, 's');
  const char* bytes = text.data();
  wipe(text);
  EXPECT_TRUE(text.empty());
  EXPECT_EQ(bytes[0], 0);
}

}  // namespace
}  // namespace portero
