#include "wasm/encoding.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/wasm/vectors.h"

namespace portero {
namespace {

std::string encoded(const std::string& text) { return base64url_encode(bytes_of(text)); }

TEST(Hex, WritesTwoLowerCaseDigitsAByte) {
  EXPECT_EQ(hex_encode({}), "");
  EXPECT_EQ(hex_encode(bytes_of(std::string("\x00\x0f\xa0\xff", 4))), "000fa0ff");
}

TEST(Base64url, WritesTheVectorsOfRfc4648WithoutPadding) {
  EXPECT_EQ(encoded(""), "");
  EXPECT_EQ(encoded("f"), "Zg");
  EXPECT_EQ(encoded("fo"), "Zm8");
  EXPECT_EQ(encoded("foo"), "Zm9v");
  EXPECT_EQ(encoded("foob"), "Zm9vYg");
  EXPECT_EQ(encoded("foobar"), "Zm9vYmFy");
  EXPECT_EQ(encoded("\xFB\xFF"), "-_8");
}

TEST(Base64url, WritesTheVerifierAndChallengeOfRfc7636) {
  const nlohmann::json pkce = read_vectors("pkce.json");
  EXPECT_EQ(base64url_encode(from_hex(pkce["octets"])), pkce.value("code_verifier", ""));
  EXPECT_EQ(base64url_encode(from_hex(pkce["digest"])), pkce.value("code_challenge", ""));
}

TEST(Base64url, ReadsBackWhatItWrote) {
  std::vector<unsigned char> bytes;
  for (unsigned i = 0; i < 300; ++i) {
    bytes.push_back(static_cast<unsigned char>(i * 167U & 0xFFU));
    const Result<std::vector<unsigned char>> read = base64url_decode(base64url_encode(bytes));
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, bytes);
  }
}

TEST(Base64url, ReadsTheSixtyFourDigitsAndNoOtherByte) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const std::size_t digit = kDigits.find(c);
    for (std::size_t place = 0; place < 4; ++place) {
      std::string text = "AAAA";
      text[place] = c;
      const auto read = base64url_decode(text);
      ASSERT_EQ(bool(read), digit != std::string_view::npos) << byte;
      if (!read) continue;
      const std::size_t bits =
          std::size_t{(*read)[0]} << 16U | std::size_t{(*read)[1]} << 8U | std::size_t{(*read)[2]};
      EXPECT_EQ(bits, digit << (6 * (3 - place))) << byte;
    }
  }
}

TEST(Base64url, FillsMemoryOfItsSizeAlone) {
  std::array<unsigned char, 4> bytes{};
  EXPECT_TRUE(base64url_decode_to("AQIDBA", bytes));
  EXPECT_EQ(bytes, (std::array<unsigned char, 4>{1, 2, 3, 4}));
  for (const char* text : {"", "AQID", "AQIDBAU", "AQIDB", "AQID-A=="}) {
    EXPECT_FALSE(base64url_decode_to(text, bytes)) << text;
  }
}

TEST(Base64url, RefusesEveryTextButTheCanonicalOne) {
  for (const char* text : {"Z", "Zg==", "Zg=", "Zh", "Zn", "Zm9", "Zm-", "Zm8=", "Z g", "Zg\n",
                           "Zm9v=", "Zm+v", "Zm/v", "Zm9vZ", "\xC3\xA9", "Zm9vYg=="}) {
    EXPECT_FALSE(base64url_decode(text)) << text;
  }
  EXPECT_FALSE(base64url_decode(std::string_view("Zm\0v", 4)));
}

TEST(PercentEncoding, LeavesUnreservedCharactersAlone) {
  EXPECT_EQ(percent_encode("AZaz09-._~"), "AZaz09-._~");
  EXPECT_EQ(percent_encode(" +&=#%/?"), "%20%2B%26%3D%23%25%2F%3F");
  EXPECT_EQ(percent_encode("\xC3\xA9"), "%C3%A9");
}

TEST(PercentEncoding, ReadsBackWhatItWrote) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  const Result<std::string> read = percent_decode(percent_encode(all));
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, all);
}

TEST(PercentEncoding, DecodesOnceAndReadsPlusAsSpace) {
  EXPECT_EQ(*percent_decode("a+b%2b%2B"), "a b++");
  EXPECT_EQ(*percent_decode("%2541"), "%41");
}

TEST(PercentEncoding, RefusesAPercentSignWithoutTwoDigits) {
  for (const char* text : {"%", "a%", "%4", "a%4", "%g0", "%0g", "%%20", "%+1", "% 1", "%-1"}) {
    EXPECT_FALSE(percent_decode(text)) << text;
  }
}

TEST(ConstantTimeComparison, TellsEqualFromDifferent) {
  EXPECT_TRUE(equal_constant_time("", ""));
  EXPECT_TRUE(equal_constant_time("secret", "secret"));
  EXPECT_FALSE(equal_constant_time("secret", "secreT"));
  EXPECT_FALSE(equal_constant_time("Secret", "secret"));
  EXPECT_FALSE(equal_constant_time("secret", "secre"));
  EXPECT_FALSE(equal_constant_time("", "s"));
  EXPECT_FALSE(equal_constant_time("\x80", std::string_view("\0", 1)));
}

}  // namespace
}  // namespace portero
