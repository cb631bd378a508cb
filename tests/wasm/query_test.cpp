// What read_callback() yields; which queries it refuses is in tests/vectors/finish.json.
#include "wasm/query.h"

#include <gtest/gtest.h>

namespace portero {
namespace {

TEST(Callback, TellsAbsentFromEmpty) {
  const Result<Callback> callback = read_callback("?code=&state");
  ASSERT_TRUE(callback);
  EXPECT_EQ(callback->code, "");
  EXPECT_EQ(callback->state, "");
  EXPECT_FALSE(callback->iss.has_value());
  EXPECT_FALSE(callback->error.has_value());
}

TEST(Callback, DecodesItsValues) {
  const Result<Callback> callback =
      read_callback("iss=https%3A%2F%2Fgithub.com&error=a+b&code=a=b");
  ASSERT_TRUE(callback);
  EXPECT_EQ(callback->iss, "https://github.com");
  EXPECT_EQ(callback->error, "a b");
  EXPECT_EQ(callback->code, "a=b");
}

TEST(Callback, ReadsNothingOfADescriptionButThatItIsThere) {
  EXPECT_TRUE(read_callback("error_description=%00%FF%&error_uri=javascript:alert(1)"));
  EXPECT_EQ(read_callback("error_uri=a&error_uri=b").error(), Error::kDuplicateParameter);
}

}  // namespace
}  // namespace portero
