#include "proxy/session/es256.h"

#include <gtest/gtest.h>

#include "tests/proxy/session/prover.h"

namespace portero {
namespace {

EcPublicKey public_key(const Prover& prover) {
  return {.x = prover.jwk()["x"], .y = prover.jwk()["y"]};
}

/// RFC 7515 Appendix A.3: the key, the signed text and the signature that the RFC prints.
TEST(Es256, VerifiesTheExampleOfRfc7515) {
  const EcPublicKey key{.x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                        .y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"};
  const std::string text =
      "eyJhbGciOiJFUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cn"
      "VlfQ";
  const std::string signature =
      "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
  EXPECT_EQ(verify_es256(key, text, signature), Es256::kVerified);
  EXPECT_EQ(verify_es256(key, text + " ", signature), Es256::kBadSignature);
  EXPECT_EQ(verify_es256({.x = key.y, .y = key.x}, text, signature), Es256::kBadKey);
}

/// RFC 9449 §6.1 prints this key and its thumbprint.
TEST(Thumbprint, IsThatOfRfc9449) {
  const EcPublicKey key{.x = "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
                        .y = "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"};
  EXPECT_EQ(*make_thumbprint(key), "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
}

TEST(Es256, KnowsItsKeyFromAnother) {
  const Prover mine;
  const Prover other;
  EXPECT_EQ(verify_es256(public_key(mine), "text", encode(mine.sign("text"))), Es256::kVerified);
  EXPECT_EQ(verify_es256(public_key(other), "text", encode(mine.sign("text"))),
            Es256::kBadSignature);
}

}  // namespace
}  // namespace portero
