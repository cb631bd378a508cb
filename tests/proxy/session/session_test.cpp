#include "proxy/session/session.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <utility>

#include "proxy/session/cookies.h"
#include "proxy/session/jwe.h"
#include "tests/proxy/session/keys.h"
#include "wasm/encoding.h"

namespace portero {
namespace {

constexpr Audience kHere{.iss = "https://github.com/login/oauth", .aud = "https://page.example"};

KeyRing make_ring() { return {{make_key()}}; }

Session make_session() {
  return {.iss = std::string(kHere.iss),
          .aud = std::string(kHere.aud),
          .sid = "sid",
          .auth_time = 1000,
          .iat = 1000,
          .exp = 2000,
          .user = {.id = 583231,
                   .login = "octocat",
                   .name = "The Öctocat",
                   .avatar_url = "https://avatars.example/1",
                   .html_url = "https://github.com/octocat",
                   .email = std::nullopt}};
}

std::string seal(const Session& session = make_session()) {
  return *seal_session(session, make_key());
}

Error error_opening(std::string_view sealed, const KeyRing& ring = make_ring(),
                    std::int64_t now = 1500, const Audience& audience = kHere) {
  const Result<Session> session = open_session(sealed, ring, audience, now);
  return session ? Error{} : session.error();
}

TEST(Session, OpensAsItWasSealed) {
  const Result<Session> opened = open_session(seal(), make_ring(), kHere, 1999);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->sid, "sid");
  EXPECT_EQ(opened->auth_time, 1000);
  EXPECT_EQ(opened->exp, 2000);
  EXPECT_EQ(opened->user.id, 583231);
  EXPECT_EQ(opened->user.login, "octocat");
  EXPECT_EQ(opened->user.name, "The Öctocat");
  EXPECT_EQ(opened->user.email, std::nullopt);
  EXPECT_EQ(opened->user.avatar_url, "https://avatars.example/1");
}

TEST(Session, KeepsWhatItsSignInLearnedOfTheRules) {
  Session session = make_session();
  EXPECT_EQ(open_jwe(seal(session), make_ring(), 1500)->find("groups"), std::string::npos);
  add_answer({RuleKind::kOrganization, "acme"}, Holds::kYes, session.groups);
  add_answer({RuleKind::kPush, "acme/site"}, Holds::kYes, session.groups);
  add_answer({RuleKind::kTeam, "acme/writers"}, Holds::kNo, session.groups);
  add_answer({RuleKind::kOrganization, "umbrella"}, Holds::kHidden, session.groups);
  const Result<Session> opened = open_session(seal(session), make_ring(), kHere, 1500);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->groups.held, session.groups.held);
  EXPECT_EQ(opened->groups.unmet, session.groups.unmet);
  EXPECT_EQ(opened->groups.hidden, session.groups.hidden);
}

TEST(Session, SaysThatRulesWereAskedWhenNoneHolds) {
  Session session = make_session();
  add_answer({RuleKind::kOrganization, "acme"}, Holds::kNo, session.groups);
  EXPECT_NE(open_jwe(seal(session), make_ring(), 1500)->find(R"("groups":[],"unmet":")"),
            std::string::npos);
  EXPECT_EQ(open_session(seal(session), make_ring(), kHere, 1500)->groups.unmet,
            session.groups.unmet);
}

/// A page whose sign-ins ask `count` rules of `length` bytes each.
Site make_asking_site(std::size_t count, std::size_t length) {
  Site site;
  site.origin = kHere.aud;
  for (std::size_t i = 0; i < count; ++i) {
    site.rules.push_back(
        {RuleKind::kOrganization, std::string(length - 2, 'a') + std::to_string(i + 10)});
  }
  return site;
}

/// Somebody whose texts are as long as they are ever sealed, in all these groups.
Session make_longest(const Site& site) {
  Session session = make_session();
  session.sid = *make_sid();
  session.auth_time = session.iat = session.exp = 253402300799;
  session.jkt = std::string(43, 'k');
  session.user = {.id = (std::int64_t{1} << 53) - 1,
                  .login = std::string(200, 'l'),
                  .name = std::string(200, '"'),
                  .avatar_url = "https://" + std::string(500, 'a'),
                  .html_url = "https://" + std::string(500, 'h'),
                  .email = std::string(254, '"')};
  for (const Rule& rule : site.rules) add_answer(rule, Holds::kYes, session.groups);
  return session;
}

TEST(Session, IsAtMostAsLongAsItWasSaidBefore) {
  SealingKey key = make_key();
  key.kid = std::string(32, 'k');
  const Site site = make_asking_site(64, 20);
  const Result<std::string> sealed = seal_session(make_longest(site), key);
  ASSERT_TRUE(sealed);
  EXPECT_EQ(sealed->size(), longest_session(site, kHere.iss));
  EXPECT_LE(sealed->size(), kSessionMax - kCookieNameMax);
}

TEST(Session, LeavesItsUrlsOutWhereACookieWouldNotHoldThem) {
  const Site site = make_asking_site(64, 20);
  const KeyRing ring = make_ring();
  const Session longest = make_longest(site);
  const Result<Session> opened = open_session(
      seal(longest), ring, {.iss = kHere.iss, .aud = kHere.aud, .jkt = longest.jkt}, 1);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->user.avatar_url + opened->user.html_url, "");
  EXPECT_EQ(opened->user.email, longest.user.email);
  EXPECT_EQ(opened->groups.held.size(), 64U);
}

TEST(Session, HasTheHeaderByteForByte) {
  const std::string sealed = seal();
  const auto header = base64url_decode(sealed.substr(0, sealed.find('.')));
  ASSERT_TRUE(header);
  EXPECT_EQ(std::string(header->begin(), header->end()),
            R"({"alg":"dir","enc":"A256GCM","kid":"k1","typ":"portero+jwe"})");
}

/// A thread keeps the key that it used last; another one must not open with that.
TEST(Session, OpensByItsOwnKeyWhicheverWasUsedBefore) {
  SealingKey first = make_key();
  SealingKey second = make_key();
  second.kid = "k2";
  second.k.fill(7);
  const KeyRing ring{{first, second}};
  const std::string by_first = *seal_session(make_session(), first);
  const std::string by_second = *seal_session(make_session(), second);
  for (const std::string& sealed : {by_second, by_second, by_first, by_second, by_first}) {
    EXPECT_TRUE(open_session(sealed, ring, kHere, 1500));
  }
  EXPECT_EQ(error_opening(by_second, {{first}}), Error::kNoSession);
  second.k.fill(8);
  EXPECT_EQ(error_opening(by_second, {{first, second}}), Error::kNoSession) << "not by its name";
  EXPECT_TRUE(open_session(by_first, {{first, second}}, kHere, 1500));
}

TEST(Session, IsSealedDifferentlyEachTime) { EXPECT_NE(seal(), seal()); }

TEST(Session, DoesNotOpenWithAnyBitOrCharacterChanged) {
  const std::string sealed = seal();
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = sealed;
      changed[i] = static_cast<char>(static_cast<unsigned char>(changed[i]) ^ (1U << bit));
      EXPECT_EQ(error_opening(changed), Error::kNoSession) << i;
    }
  }
}

TEST(Session, DoesNotOpenShortenedLengthenedOrRearranged) {
  const std::string sealed = seal();
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    EXPECT_EQ(error_opening(sealed.substr(0, i)), Error::kNoSession) << i;
    EXPECT_EQ(error_opening(sealed.substr(0, i) + sealed.substr(i + 1)), Error::kNoSession) << i;
    EXPECT_EQ(error_opening(sealed.substr(0, i) + "." + sealed.substr(i)), Error::kNoSession) << i;
  }
  for (const std::string& text :
       {sealed + "A", sealed + "=", sealed + ".", "." + sealed, sealed + sealed, sealed + "\n",
        std::string(kSessionMax + 1, 'A'), std::string("...."), std::string()}) {
    EXPECT_EQ(error_opening(text), Error::kNoSession);
  }
}

TEST(Session, DoesNotOpenAfterAnyOfAHundredThousandMutations) {
  const std::string sealed = seal();
  constexpr std::string_view kBytes =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ ";
  std::mt19937 random(20261124);
  const auto below = [&random](std::size_t end) { return random() % end; };
  const KeyRing ring = make_ring();
  int same = 0;
  for (int i = 0; i < 100000; ++i) {
    std::string changed = sealed;
    for (std::size_t edits = 1 + below(3); edits > 0; --edits) {
      const std::size_t at = below(changed.size());
      const char byte = kBytes[below(kBytes.size())];
      switch (below(4)) {
        case 0:
          changed[at] = byte;
          break;
        case 1:
          changed.insert(at, 1, byte);
          break;
        case 2:
          changed.erase(at, 1 + below(4));
          break;
        default:
          std::swap(changed[at], changed[below(changed.size())]);
          break;
      }
    }
    if (changed == sealed) {
      ++same;
      continue;
    }
    ASSERT_FALSE(open_session(changed, ring, kHere, 1500)) << changed;
  }
  EXPECT_LT(same, 5000) << "most of them did change it";
}

TEST(Session, DoesNotOpenWhenAPartIsWrittenInAnotherBase64url) {
  const std::string sealed = seal();
  // 16 bytes of tag are 22 characters, whose last four bits nothing uses.
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const std::size_t last = kDigits.find(sealed.back());
  ASSERT_EQ(last % 16, 0U);
  for (std::size_t spare = 1; spare < 16; ++spare) {
    std::string changed = sealed;
    changed.back() = kDigits[last + spare];
    EXPECT_EQ(error_opening(changed), Error::kNoSession) << spare;
  }
  for (const std::string_view padding : {"=", "==", "%3D%3D", " ", "\n"}) {
    EXPECT_EQ(error_opening(sealed + std::string(padding)), Error::kNoSession);
  }
}

TEST(Session, IsSealedWithADifferentIvEachTime) {
  std::set<std::string> seen;
  constexpr std::size_t kSeals = 20000;
  for (std::size_t i = 0; i < kSeals; ++i) {
    const std::string sealed = *seal_jwe("{}", make_key());
    const std::size_t iv = sealed.find("..") + 2;
    seen.insert(sealed.substr(iv, sealed.find('.', iv) - iv));
  }
  EXPECT_EQ(seen.size(), kSeals);
}

TEST(Session, DoesNotOpenWithTimesThatNoClockHas) {
  for (const char* claim : {"auth_time", "iat", "exp"}) {
    for (const char* value :
         {"-1", "253402300800", "9223372036854775807", "18446744073709551615"}) {
      std::string claims =
          R"({"iss":"https://github.com/login/oauth","sub":"1","aud":"https://page.example",)"
          R"("sid":"s","user":{"id":1,"login":"a"})";
      for (const char* other : {"auth_time", "iat", "exp"}) {
        claims += std::string(",\"") + other + "\":" + (other == claim ? value : "2000");
      }
      EXPECT_EQ(error_opening(*seal_jwe(claims + "}", make_key())), Error::kNoSession) << claims;
    }
  }
}

TEST(Session, DoesNotOpenWithAnotherKeyOfTheSameName) {
  EXPECT_EQ(error_opening(seal(), {{make_key("k1", 8)}}), Error::kNoSession);
  EXPECT_EQ(error_opening(seal(), {{make_key("k2", 7)}}), Error::kNoSession);
  EXPECT_EQ(error_opening(seal(), {}), Error::kNoSession);
}

TEST(Session, OpensForItsOwnPageAndIssuerOnly) {
  const Audience other_page{.iss = kHere.iss, .aud = "https://other.example"};
  const Audience other_issuer{.iss = "https://ghe.example/login/oauth", .aud = kHere.aud};
  EXPECT_EQ(error_opening(seal(), make_ring(), 1500, other_page), Error::kNoSession);
  EXPECT_EQ(error_opening(seal(), make_ring(), 1500, other_issuer), Error::kNoSession);
}

TEST(Session, BoundToAKeyOpensForThatKeyOnlyAndOneThatIsBoundToNoneForNone) {
  Session bound = make_session();
  bound.jkt = std::string(43, 'k');
  const auto opens = [](const Session& session, std::string_view jkt) {
    const Audience audience{.iss = kHere.iss, .aud = kHere.aud, .jkt = jkt};
    const std::string sealed = seal(session);
    const Result<Session> opened = open_session(sealed, make_ring(), audience, 1500);
    EXPECT_EQ(subject_of(sealed, make_ring(), audience, 1500), opened ? 583231 : 0);
    EXPECT_EQ(opened ? opened->jkt : jkt, jkt);
    return static_cast<bool>(opened);
  };
  EXPECT_TRUE(opens(bound, bound.jkt));
  EXPECT_FALSE(opens(bound, ""));
  EXPECT_FALSE(opens(bound, std::string(43, 'l')));
  EXPECT_FALSE(opens(make_session(), bound.jkt));
  EXPECT_TRUE(opens(make_session(), ""));
}

TEST(Session, IsExpiredOnlyWhenItOpens) {
  EXPECT_EQ(error_opening(seal(), make_ring(), 2000), Error::kSessionExpired);
  EXPECT_EQ(error_opening(seal(), {{make_key("k1", 8)}}, 2000), Error::kNoSession);
  EXPECT_EQ(error_opening(seal(), make_ring(), 2000, {.iss = kHere.iss, .aud = "x"}),
            Error::kNoSession);
}

TEST(Session, TellsWhoseItIsOrWasOnlyWhenItOpens) {
  const Audience other{.iss = kHere.iss, .aud = "https://other.example"};
  EXPECT_EQ(subject_of(seal(), make_ring(), kHere, 1500), 583231);
  EXPECT_EQ(subject_of(seal(), make_ring(), kHere, 2000000), 583231);
  EXPECT_EQ(subject_of(seal(), make_ring(), other, 1500), 0);
  EXPECT_EQ(subject_of(seal(), {{make_key("k1", 8)}}, kHere, 1500), 0);
  EXPECT_EQ(subject_of(seal() + "A", make_ring(), kHere, 1500), 0);
  EXPECT_EQ(subject_of("", make_ring(), kHere, 1500), 0);
}

TEST(Session, IsRefusedWhenWhatOpensIsNoSession) {
  const std::string good =
      R"({"iss":"https://github.com/login/oauth","sub":"1","aud":"https://page.example","sid":"s",)"
      R"("auth_time":1,"iat":1,"exp":2000,"user":{"id":1,"login":"a"}})";
  const auto opens = [](const std::string& claims) {
    const Result<std::string> sealed = seal_jwe(claims, make_key());
    return static_cast<bool>(open_session(*sealed, make_ring(), kHere, 1500));
  };
  EXPECT_TRUE(opens(good));
  const std::vector<std::pair<std::string, std::string>> changes = {
      {"\"sub\":\"1\"", "\"sub\":\"2\""},
      {"\"sub\":\"1\"", "\"sub\":1"},
      {"\"sid\":\"s\",", ""},
      {"\"exp\":2000", "\"exp\":\"2000\""},
      {"\"exp\":2000", "\"exp\":2e3"},
      {"\"id\":1", "\"id\":\"1\""},
      {"\"user\"", "\"person\""},
      {"\"user\"", R"("cnf":{},"user")"},
      {"\"user\"", R"("cnf":null,"user")"},
      {"\"user\"", R"("cnf":"x","user")"},
      {"\"user\"", R"("cnf":{"jkt":""},"user")"},
      {"\"user\"", R"("cnf":{"jkt":1},"user")"},
      {"\"user\"", R"("cnf":{"jkt":"","x":1},"user")"},
      {"{\"iss\"", "[{\"iss\""}};
  for (const auto& [from, to] : changes) {
    std::string changed = good;
    changed.replace(changed.find(from), from.size(), to);
    EXPECT_FALSE(opens(changed)) << to;
  }
}

TEST(Session, CutsLongNamesAtACharacter) {
  Session session = make_session();
  session.user.name = std::string(127, 'a') + "é" + std::string(4000, 'b');
  session.user.email = std::string(3000, 'e');
  session.user.avatar_url = "https://" + std::string(3000, 'u');
  const Result<Session> opened = open_session(seal(session), make_ring(), kHere, 1500);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->user.name, std::string(127, 'a'));
  EXPECT_EQ(opened->user.email, std::nullopt);
  EXPECT_EQ(opened->user.avatar_url, "");
}

TEST(Session, IsRefusedWhenACookieCouldNotHoldIt) {
  Session session = make_session();
  session.aud = std::string(4000, 'a');
  const Result<std::string> sealed = seal_session(session, make_key());
  ASSERT_FALSE(sealed);
  EXPECT_EQ(sealed.error(), Error::kSessionTooLarge);
}

TEST(Sid, IsRandom) {
  const Result<std::string> a = make_sid();
  const Result<std::string> b = make_sid();
  EXPECT_EQ(a->size(), 22U);
  EXPECT_NE(*a, *b);
}

}  // namespace
}  // namespace portero
