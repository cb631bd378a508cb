#include "proxy/site/integrity.h"

#include <gtest/gtest.h>

namespace portero {
namespace {

TEST(Integrity, IsTheHashThatAScriptNames) {
  // printf abc | openssl dgst -sha256 -binary | base64
  EXPECT_EQ(*integrity_of("abc", 256), "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
  EXPECT_EQ(*integrity_of("abc", 384),
            "sha384-ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn");
  EXPECT_EQ(
      *integrity_of("abc", 512),
      "sha512-3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslP"
      "pUyknw==");
  EXPECT_EQ(integrity_of("abc", 1).error(), Error::kBadRequest);
}

}  // namespace
}  // namespace portero
