#include "wasm/authorize.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>

#include "tests/wasm/vectors.h"

namespace portero {
namespace {

using nlohmann::json;

std::array<unsigned char, kChallengeBytes> digest_of(const json& vectors) {
  std::array<unsigned char, kChallengeBytes> digest{};
  const std::vector<unsigned char> bytes = from_hex(vectors["digest"]);
  std::copy_n(bytes.begin(), digest.size(), digest.begin());
  return digest;
}

json merged(json base, const json& one, const char* key) {
  if (one.contains(key)) base.update(one[key]);
  return base;
}

const std::string& text_in(const json& from, const char* key) {
  return from.at(key).get_ref<const std::string&>();
}

/// REQUIRES: `from` outlives it.
Pending pending_of(const json& from) {
  return {.state = text_in(from, "state"),
          .code_verifier = text_in(from, "code_verifier"),
          .issuer = text_in(from, "issuer"),
          .created = from["created"],
          .require_issuer = from["require_issuer"]};
}

TEST(Prepare, MakesStateAndVerifierOfSeparateBytes) {
  const json pkce = read_vectors("pkce.json");
  std::array<unsigned char, kEntropyBytes> entropy{};
  const std::vector<unsigned char> octets = from_hex(pkce["octets"]);
  std::copy(octets.begin(), octets.end(), entropy.begin() + kSecretBytes);
  const Prepared page = prepare(entropy, false);
  EXPECT_EQ(page.state, "portero." + std::string(43, 'A'));
  EXPECT_EQ(page.code_verifier, pkce.value("code_verifier", ""));
  const Prepared popup = prepare(entropy, true);
  EXPECT_EQ(popup.state, "portero-popup." + std::string(43, 'A'));
  EXPECT_TRUE(is_state(page.state) && is_state(popup.state));
  EXPECT_TRUE(is_code_verifier(page.code_verifier));
}

TEST(Begin, DoesWhatTheVectorsSay) {
  const json vectors = read_vectors("begin.json");
  ASSERT_GT(vectors["cases"].size(), 50U);
  for (const json& one : vectors["cases"]) {
    const json settings = merged(vectors["settings"], one, "settings");
    const json prepared = merged(vectors["prepared"], one, "prepared");
    const json options = one.value("options", json::object());
    const Result<std::string> url =
        begin({.client_id = text_in(settings, "client_id"),
               .authorize_url = text_in(settings, "authorize_url"),
               .redirect_uri = text_in(settings, "redirect_uri"),
               .scope = text_in(settings, "scope")},
              {.login = options.value("login", ""),
               .prompt = options.value("prompt", ""),
               .allow_signup = options.value("allow_signup", "")},
              {.state = prepared["state"], .code_verifier = prepared["code_verifier"]},
              digest_of(vectors));
    EXPECT_EQ(url ? *url : "", one.value("url", "")) << one["name"];
    EXPECT_EQ(url ? "" : name(url.error()), one.value("error", "")) << one["name"];
  }
}

TEST(Finish, DoesWhatTheVectorsSay) {
  const json vectors = read_vectors("finish.json");
  ASSERT_GT(vectors["cases"].size(), 70U);
  for (const json& one : vectors["cases"]) {
    const json record = merged(vectors["pending"], one, "pending");
    const Pending pending = pending_of(record);
    const std::int64_t now = one.value("now", vectors["now"].get<std::int64_t>());
    const Result<ExchangeRequest> request = finish(one["query"].get<std::string>(), pending, now);
    EXPECT_EQ(request ? request->code : "", one.value("code", "")) << one["name"];
    EXPECT_EQ(request ? "" : name(request.error()), one.value("error", "")) << one["name"];
    EXPECT_TRUE(!request || request->code_verifier == pending.code_verifier) << one["name"];
  }
}

TEST(Finish, CountsAgesNoClockCanHold) {
  const json vectors = read_vectors("finish.json");
  Pending pending = pending_of(vectors["pending"]);
  const std::string query = vectors["cases"][0]["query"];
  constexpr std::int64_t kFirst = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max();
  pending.created = kFirst;
  EXPECT_EQ(finish(query, pending, kLast).error(), Error::kCallbackExpired);
  pending.created = kLast;
  EXPECT_TRUE(finish(query, pending, kFirst));
}

TEST(CodeVerifier, HasTheLengthAndLettersOfRfc7636) {
  EXPECT_FALSE(is_code_verifier(std::string(42, 'a')));
  EXPECT_TRUE(is_code_verifier(std::string(43, 'a')));
  EXPECT_TRUE(is_code_verifier(std::string(128, '~')));
  EXPECT_FALSE(is_code_verifier(std::string(129, 'a')));
  for (const char c : {' ', '+', '/', '=', '%', '\0', '\n', '\x80'}) {
    EXPECT_FALSE(is_code_verifier(std::string(43, 'a') + c));
  }
}

}  // namespace
}  // namespace portero
