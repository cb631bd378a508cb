// Sessions as docs/protocol.md promises them, asked for as a page would: ends, renewals, keys,
// clocks.
#include <gtest/gtest.h>

#include <set>

#include "proxy/app/session.h"
#include "proxy/session/jwe.h"
#include "proxy/session/lifetime.h"
#include "tests/proxy/app/one_page.h"
#include "wasm/encoding.h"

namespace portero {
namespace {

constexpr std::int64_t kDay = 24 * kHour;
constexpr std::int64_t kSubject = 583231;

Timestamp at(std::int64_t unix_seconds) { return Timestamp(std::chrono::seconds(unix_seconds)); }

/// A proxy with one page, whose visitors come with a session or without.
class SessionCall : public ::testing::Test {
 protected:
  SessionCall() {
    settings.sites = {make_site(kPage, "https://page.example/")};
    keys.keys.push_back(make_key("first", 1, kNow - 30 * kDay));
  }

  /// A session as a sign-in at `auth_time` would have sealed it.
  [[nodiscard]] Session make_session(std::int64_t auth_time = kNow) const {
    User user;
    user.id = kSubject;
    user.login = "octocat";
    return {.iss = settings.github.issuer,
            .aud = std::string(kPage),
            .sid = "s" + std::to_string(auth_time),
            .auth_time = auth_time,
            .iat = auth_time,
            .exp = expiry(settings.session, auth_time, auth_time),
            .user = user};
  }
  [[nodiscard]] std::string sealed(std::int64_t auth_time = kNow) const {
    return *seal_session(make_session(auth_time), *keys.sealing_key(kNow));
  }

  Answer ask(const std::string& session, std::int64_t now, std::string method = "GET") {
    Request request = make_call(std::move(method), kPage, "page.example");
    if (!session.empty()) request.cookies = cookie_line(session, kPage);
    const AppContext app{settings, keys, signed_out, admission, metrics};
    return respond(through_gate(request, settings), app, now);
  }

  /// "signed in", or why not.
  std::string state(const std::string& session, std::int64_t now) {
    const Json said = body(ask(session, now));
    return said["user"].is_null() ? said["reason"].get<std::string>() : "signed in";
  }
  std::string expires_at(const std::string& session, std::int64_t now) {
    return body(ask(session, now))["expires_at"].get<std::string>();
  }
  /// The session an answer brings; empty: none.
  static std::string renewed(const Answer& answer) {
    const std::string* line = find_header(answer.response.headers, "Set-Cookie");
    if (line == nullptr) return "";
    const std::size_t start = line->find('=') + 1;
    return line->substr(start, line->find(';') - start);
  }
  [[nodiscard]] Session open(const std::string& session, std::int64_t now) const {
    return *open_session(session, keys, {.iss = settings.github.issuer, .aud = kPage}, now);
  }

  Settings settings;
  KeyRing keys;
  SignedOut signed_out;
  Admission admission;
  Metrics metrics;
};

TEST_F(SessionCall, EndsALifetimeAfterSigningIn) {
  EXPECT_EQ(state(sealed(), kNow + 7 * kDay - 1), "signed in");
  EXPECT_EQ(state(sealed(), kNow + 7 * kDay), "expired");
  EXPECT_EQ(renewed(ask(sealed(), kNow + 6 * kDay)), "") << "idle is off by default";
}

TEST_F(SessionCall, EndsSoonerWhenTheLifetimeIsShortened) {
  const std::string session = sealed();
  settings.session.lifetime = std::chrono::hours(24);
  EXPECT_EQ(expires_at(session, kNow + 1), "2026-01-02T00:00:00Z");
  EXPECT_EQ(state(session, kNow + kDay - 1), "signed in");
  EXPECT_EQ(state(session, kNow + kDay), "expired");
}

TEST_F(SessionCall, EndsSoonerWhenIdleIsShortenedOrTurnedOn) {
  const std::string session = sealed();
  settings.session.idle = std::chrono::hours(2);
  EXPECT_EQ(expires_at(session, kNow), "2026-01-01T02:00:00Z");
  EXPECT_EQ(state(session, kNow + 2 * kHour), "expired");
  settings.session.idle = std::chrono::hours(1);
  EXPECT_EQ(state(session, kNow + kHour), "expired");
}

TEST_F(SessionCall, EndsNoLaterWhenTheLifetimeIsLengthened) {
  const std::string session = sealed();
  settings.session.lifetime = std::chrono::hours(24 * 30);
  EXPECT_EQ(state(session, kNow + 7 * kDay), "expired");
}

TEST_F(SessionCall, IsRenewedOnlyOnceHalfOfIdleHasPassed) {
  settings.session.idle = std::chrono::hours(24);
  const std::string session = sealed();
  EXPECT_EQ(renewed(ask(session, kNow + kDay / 2 - 1)), "");
  const std::string next = renewed(ask(session, kNow + kDay / 2));
  ASSERT_NE(next, "");
  EXPECT_EQ(open(next, kNow + kDay / 2).exp, kNow + kDay / 2 + kDay);
}

TEST_F(SessionCall, KeepsItsSidAuthTimeAndOwnerThroughEveryRenewalAndEndsWithTheLifetime) {
  settings.session.idle = std::chrono::hours(24);
  std::string session = sealed();
  int renewals = 0;
  std::int64_t now = kNow;
  for (; now < kNow + 7 * kDay; now += kDay / 2) {
    const Answer answer = ask(session, now);
    ASSERT_FALSE(body(answer)["user"].is_null()) << now;
    const std::string next = renewed(answer);
    if (next.empty()) continue;
    ++renewals;
    const Session opened = open(next, now);
    EXPECT_EQ(opened.sid, make_session().sid);
    EXPECT_EQ(opened.auth_time, kNow);
    EXPECT_EQ(opened.iat, now);
    EXPECT_LE(opened.exp, kNow + 7 * kDay);
    EXPECT_EQ(opened.user.id, kSubject);
    EXPECT_NE(find_header(answer.response.headers, "Set-Cookie")
                  ->find("Max-Age=" + std::to_string(opened.exp - now)),
              std::string::npos);
    session = next;
  }
  EXPECT_EQ(renewals, 12) << "from 12 hours on, until one ends with the lifetime";
  EXPECT_EQ(state(session, now), "expired");
}

TEST_F(SessionCall, IsNotRenewedAfterItWasSignedOutHere) {
  settings.session.idle = std::chrono::hours(24);
  const std::string session = sealed();
  const std::string sibling = renewed(ask(session, kNow + kDay / 2));
  EXPECT_EQ(ask(session, kNow + kDay / 2, "DELETE").response.status, 204);
  for (const std::string& copy : {session, sibling}) {
    for (const std::int64_t later : {kDay / 2, kDay - 1, kDay + kHour}) {
      const Answer answer = ask(copy, kNow + later);
      EXPECT_TRUE(body(answer)["user"].is_null());
      EXPECT_EQ(renewed(answer), "");
    }
  }
  EXPECT_EQ(ask(session, kNow + kDay / 2).outcome.session, SessionFound::kSignedOut);
}

TEST_F(SessionCall, StaysSignedOutWhenTheLifetimeIsLengthenedAgain) {
  const std::string session = sealed();
  settings.session.lifetime = std::chrono::hours(1);
  ASSERT_EQ(state(session, kNow + 2 * kHour), "expired");
  static_cast<void>(ask(session, kNow + 2 * kHour, "DELETE"));
  settings.session.lifetime = std::chrono::hours(24 * 7);
  EXPECT_EQ(state(session, kNow + 3 * kHour), "none");
}

TEST_F(SessionCall, EndsWithEveryOtherThatWasSignedInBeforeNotBefore) {
  const std::string early = sealed(kNow - 1);
  const std::string same_second = sealed(kNow);
  settings.session.not_before = at(kNow);
  EXPECT_EQ(state(early, kNow), "expired");
  EXPECT_EQ(ask(early, kNow).outcome.session, SessionFound::kNotBefore);
  EXPECT_EQ(state(same_second, kNow), "signed in");
}

TEST_F(SessionCall, EndsForOneSubjectAndForNobodyElse) {
  const std::string session = sealed(kNow - 1);
  settings.session.subjects_not_before = {{kSubject - 1, at(kNow)}, {kSubject + 1, at(kNow)}};
  EXPECT_EQ(state(session, kNow), "signed in");
  settings.session.subjects_not_before = {{kSubject, at(kNow)}};
  EXPECT_EQ(state(session, kNow), "expired");
  EXPECT_EQ(state(sealed(kNow), kNow), "signed in") << "signed in again afterwards";
}

TEST_F(SessionCall, IsNotRenewedPastNotBefore) {
  settings.session.idle = std::chrono::hours(24);
  const std::string session = sealed(kNow);
  const std::string next = renewed(ask(session, kNow + kDay / 2));
  settings.session.not_before = at(kNow + 1);
  for (const std::string& copy : {session, next}) {
    const Answer answer = ask(copy, kNow + kDay / 2);
    EXPECT_EQ(body(answer)["reason"], "expired");
    EXPECT_EQ(renewed(answer), "");
  }
}

TEST_F(SessionCall, IsNobodysWhateverDoesNotOpenAndNothingTellsWhy) {
  const std::string good = sealed();
  const std::string reply = ask("", kNow).response.body;
  std::set<std::string> bodies;
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = good;
      changed[i] = static_cast<char>(static_cast<unsigned char>(changed[i]) ^ (1U << bit));
      const Answer answer = ask(changed, kNow);
      ASSERT_EQ(answer.response.status, 200);
      ASSERT_EQ(find_header(answer.response.headers, "Set-Cookie"), nullptr);
      bodies.insert(answer.response.body);
    }
  }
  EXPECT_EQ(bodies, std::set<std::string>{reply});
  EXPECT_EQ(state(good, kNow), "signed in");
}

TEST_F(SessionCall, SaysExpiredOfNothingButWhatOpened) {
  const std::int64_t late = kNow + 8 * kDay;
  const std::string good = sealed();
  EXPECT_EQ(state(good, late), "expired");
  EXPECT_EQ(state(good + "A", late), "none");
  keys.keys.front().k.fill(9);
  EXPECT_EQ(state(good, late), "none") << "sealed with a key that is not ours";
}

TEST_F(SessionCall, OpensForNoOtherPageIssuerOrPurpose) {
  Session other_page = make_session();
  other_page.aud = "https://other.example";
  Session other_issuer = make_session();
  other_issuer.iss = "https://ghe.example/login/oauth";
  for (const Session& session : {other_page, other_issuer}) {
    EXPECT_EQ(state(*seal_session(session, keys.keys.front()), kNow), "none");
  }
  const std::string good = sealed();
  for (const std::string_view header :
       {R"({"alg":"dir","enc":"A256GCM","kid":"first","typ":"JWT"})",
        R"({"alg":"dir","enc":"A256GCM","kid":"first"})",
        R"({"alg":"dir","enc":"A256GCM","kid":"first","typ":"portero+jwe","zip":"DEF"})",
        R"({"alg":"none","enc":"A256GCM","kid":"first","typ":"portero+jwe"})",
        R"({"enc":"A256GCM","alg":"dir","kid":"first","typ":"portero+jwe"})",
        R"({"alg":"dir", "enc":"A256GCM","kid":"first","typ":"portero+jwe"})",
        R"({"alg":"dir","enc":"A256GCM","kid":"second","typ":"portero+jwe"})", ""}) {
    const std::string text(header);
    const std::string encoded = base64url_encode(bytes_of(text));
    EXPECT_EQ(state(encoded + good.substr(good.find('.')), kNow), "none") << header;
  }
}

TEST_F(SessionCall, ARotationSealsAnewOnlyWithAKeyThatEverybodyHasHadTimeToRead) {
  settings.session.idle = std::chrono::hours(24);
  const std::string session = sealed();
  const KeyRing not_read_yet = keys;  // another process, which still has the old file
  keys.keys.push_back(make_key("second", 2, kNow + 600));
  keys.keys.front().open_until = kNow + 600 + 7 * kDay;
  const KeyRing both = keys;
  const auto kid_of = [&](const std::string& text) {
    for (const SealingKey& key : both.keys) {
      if (open_jwe(text, {{key}}, kNow)) return key.kid;
    }
    return std::string();
  };
  const std::int64_t half = kDay / 2;
  EXPECT_EQ(kid_of(renewed(ask(session, kNow + half))), "second");
  keys.keys.back().seal_from = kNow + half + 1;
  const std::string by_first = renewed(ask(session, kNow + half));
  EXPECT_EQ(kid_of(by_first), "first") << "one second early";
  keys = not_read_yet;
  EXPECT_EQ(state(by_first, kNow + half), "signed in");
  keys = both;
  const std::string by_second = renewed(ask(session, kNow + half));
  keys = not_read_yet;
  EXPECT_EQ(state(by_second, kNow + half), "none") << "ten minutes and it has not read the file";
  keys = both;
  EXPECT_EQ(state(by_second, kNow + half), "signed in");
}

TEST_F(SessionCall, ARetiredKeyOpensWhatItSealedUntilThatHasExpired) {
  const std::int64_t seal_from = kNow + 600;
  keys.keys.push_back(make_key("second", 2, seal_from));
  keys.keys.front().open_until = seal_from + settings.session.lifetime.count();
  const std::string last = *seal_session(make_session(seal_from - 1), keys.keys.front());
  EXPECT_EQ(state(last, seal_from - 1 + 7 * kDay - 1), "signed in");
  EXPECT_EQ(state(last, seal_from - 1 + 7 * kDay), "expired");
  EXPECT_EQ(state(last, seal_from + 7 * kDay), "none") << "the key is gone, and what it opened";
}

TEST_F(SessionCall, OutlivesAClockThatWasADayOffAndCameBack) {
  settings.session.idle = std::chrono::hours(24 * 3);
  const std::string session = sealed();
  for (const std::int64_t jump : {-kDay, kDay, -std::int64_t{1}, std::int64_t{1}}) {
    const Answer meanwhile = ask(session, kNow + jump);
    EXPECT_FALSE(body(meanwhile)["user"].is_null()) << jump;
    EXPECT_EQ(renewed(meanwhile), "") << jump;
    EXPECT_EQ(state(session, kNow), "signed in") << jump;
  }
}

TEST_F(SessionCall, IsNeverRenewedPastItsLifetimeByAClockThatJumps) {
  settings.session.idle = std::chrono::hours(24);
  std::string session = sealed();
  std::int64_t now = kNow;
  for (const std::int64_t jump : {kDay - 1, -kDay, kDay, kDay, -kDay, kDay - 1, kDay / 2}) {
    now += jump;
    const std::string next = renewed(ask(session, now));
    if (next.empty()) continue;
    EXPECT_LE(open(next, now).exp, kNow + 7 * kDay);
    session = next;
  }
  EXPECT_EQ(state(session, kNow + 7 * kDay), "expired");
}

TEST_F(SessionCall, OpensButIsNotSealedWhenTheClockIsBeforeEveryKey) {
  settings.session.idle = std::chrono::hours(24 * 3);
  const std::string session = *seal_session(make_session(kNow - 31 * kDay), keys.keys.front());
  const Answer answer = ask(session, kNow - 31 * kDay + 2 * kDay);
  EXPECT_FALSE(body(answer)["user"].is_null()) << "failing to renew fails no call";
  keys.keys.front().seal_from = kNow;
  const Answer early = ask(session, kNow - 31 * kDay + 2 * kDay);
  EXPECT_FALSE(body(early)["user"].is_null());
  EXPECT_EQ(renewed(early), "");
}

}  // namespace
}  // namespace portero
