#include "proxy/session/claims.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "proxy/base/json.h"
#include "proxy/session/session.h"

namespace portero {
namespace {

const std::string kBound =
    R"({"iss":"i","sub":"7","aud":"a","sid":"s","auth_time":1,"iat":2,"exp":3,"cnf":{"jkt":"k"},)"
    R"("user":{"id":7,"login":"l","name":"n","avatar_url":"v","html_url":"h","email":"e"}})";

/// `kBound` with the first `from` replaced.
std::string with(std::string_view from, std::string_view to) {
  std::string text = kBound;
  return text.replace(text.find(from), from.size(), to);
}

bool reads(std::string_view text) { return static_cast<bool>(read_claims(text)); }

TEST(Claims, AreReadIntoTheSession) {
  const Result<Session> session = read_claims(kBound);
  ASSERT_TRUE(session);
  EXPECT_EQ(session->iss + session->aud + session->sid + session->jkt, "iask");
  EXPECT_EQ(session->auth_time, 1);
  EXPECT_EQ(session->iat, 2);
  EXPECT_EQ(session->exp, 3);
  EXPECT_EQ(session->user.id, 7);
  EXPECT_EQ(session->user.login, "l");
  EXPECT_EQ(session->user.name, "n");
  EXPECT_EQ(session->user.avatar_url + session->user.html_url, "vh");
  EXPECT_EQ(session->user.email, "e");
}

/// An answer about the session repeats those bytes.
TEST(Claims, KeepTheUserAsItIsWritten) {
  const Result<Session> session = read_claims(kBound);
  ASSERT_TRUE(session);
  EXPECT_EQ(session->user_json, make_user_json(session->user).text());
  for (const auto& [from, to] :
       {std::pair(R"("avatar_url":"v")", R"("avatar_url":"")"), std::pair(R"("name":"n",)", ""),
        std::pair(R"("id":7)", R"("id": 7)"), std::pair(R"("login":"l")", R"("login":"\u006c")")}) {
    const Result<Session> written_otherwise = read_claims(with(from, to));
    ASSERT_TRUE(written_otherwise) << to;
    EXPECT_EQ(written_otherwise->user_json, "") << to;
  }
}

const std::string kGrouped =
    with(R"("user")", R"("groups":["acme","acme:writers","acme/site"],"unmet":"abcdefgh",)"
                      R"("hidden":"ijkl","user")");

TEST(Claims, SayWhichRulesHoldAndWhichWereAsked) {
  // As they are written, in another order, and with what a reader may write otherwise.
  const std::string reordered =
      with(R"("iss")", R"("hidden":"ijkl","unmet":"abcdefgh","groups":["acme","acme:writers",)"
                       R"("acme/site"],"iss")");
  const std::string escaped = with(R"("user")", R"( "groups" : [ "\u0061cme" , "acme:writers",)"
                                                R"("acme\/site" ],"unmet":"abcdefgh",)"
                                                R"("hidden":"ijkl","user")");
  for (const std::string& text : {kGrouped, reordered, escaped}) {
    const Result<Session> session = read_claims(text);
    ASSERT_TRUE(session) << text;
    EXPECT_EQ(session->groups.held,
              (std::vector<std::string>{"acme", "acme:writers", "acme/site"}));
    EXPECT_EQ(session->groups.unmet, "abcdefgh");
    EXPECT_EQ(session->groups.hidden, "ijkl");
  }
  const Result<Session> none =
      read_claims(with(R"("user")", R"("groups":[],"unmet":"abcd","hidden":"","user")"));
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->groups.held.empty());
  EXPECT_TRUE(read_claims(kBound)->groups.is_empty());
}

TEST(Claims, RefuseGroupsThatAreNoListOfTexts) {
  for (const char* value : {"\"acme\"", "null", "{}", "{\"acme\":1}", "[1]", "[null]", "[[\"a\"]]",
                            "[\"a\",true]", "[{}]", "7", "[\"a\""}) {
    EXPECT_FALSE(reads(with(R"("user")", R"("groups":)" + std::string(value) + R"(,"user")")))
        << value;
  }
  EXPECT_FALSE(reads(with(R"("user")", R"("groups":[],"groups":[],"user")")));
}

TEST(Claims, OfAnotherReleaseAreLeftOut) {
  for (const char* more : {R"("x":1,)", R"("x":null,)", R"("x":[1,"iss",true],)",
                           R"("x":{"iss":1.5,"user":false},)"}) {
    EXPECT_TRUE(reads(with(R"("iss")", std::string(more) + R"("iss")"))) << more;
  }
  EXPECT_TRUE(reads(with(R"("id")", R"("iss":"other","id")")));
  EXPECT_TRUE(reads(with(R"("iss")", R"("x":{"k":1},"y":{"k":1},"iss")")));
}

TEST(Claims, AreRefusedWhenOneIsMissing) {
  for (const char* claim :
       {R"("iss":"i",)", R"("sub":"7",)", R"("aud":"a",)", R"("sid":"s",)", R"("auth_time":1,)",
        R"("iat":2,)", R"("exp":3,)", R"("id":7,)", R"("login":"l",)", R"("jkt":"k")"}) {
    EXPECT_FALSE(reads(with(claim, ""))) << claim;
  }
  for (const char* claim :
       {R"("cnf":{"jkt":"k"},)", R"("name":"n",)", R"("avatar_url":"v",)", R"("html_url":"h",)"}) {
    EXPECT_TRUE(reads(with(claim, ""))) << claim;
  }
}

TEST(Claims, OfAnotherTypeAreRefusedAndWhatMayBeMissingIsNone) {
  for (const char* name : {"iss", "sub", "aud", "sid", "auth_time", "iat", "exp", "cnf", "user",
                           "id", "login", "jkt"}) {
    for (const char* value : {"null", "true", "1.5", "[]", "[\"k\"]", "18446744073709551615"}) {
      const std::string key = '"' + std::string(name) + "\":";
      std::string text = kBound;
      // Named first, so that the one behind it is the second: it takes another name.
      text.replace(text.find(key), key.size(), key + value + R"(,"x":)");
      EXPECT_FALSE(reads(text)) << text;
    }
  }
  const Result<Session> session =
      read_claims(with(R"("name":"n","avatar_url":"v")", R"("name":1,"avatar_url":null)"));
  ASSERT_TRUE(session);
  EXPECT_EQ(session->user.name, std::nullopt);
  EXPECT_EQ(session->user.avatar_url, "");
}

TEST(Claims, ThatComeTwiceAreRefused) {
  EXPECT_FALSE(reads(with(R"("iss":"i")", R"("iss":"i","iss":"i")")));
  EXPECT_FALSE(reads(with(R"("iss")", R"("x":1,"x":1,"iss")")));
  EXPECT_FALSE(reads(with(R"("iss")", R"("x":{"y":1,"y":1},"iss")")));
  EXPECT_FALSE(reads(with(R"("id")", R"("x":1,"x":1,"id")")));
  EXPECT_FALSE(reads(with(R"("login")", R"("id":7,"login")")));
  EXPECT_FALSE(reads(with(R"("user")", R"("user":{"id":7,"login":"l"},"user")")));
}

TEST(Claims, AreNoDeeperThanTheUser) {
  EXPECT_FALSE(reads(with(R"("id")", R"("x":[],"id")")));
  EXPECT_FALSE(reads(with(R"("iss")", R"("x":[[]],"iss")")));
  EXPECT_FALSE(reads(with(R"("iss")", R"("x":{"y":{}},"iss")")));
  EXPECT_FALSE(reads("[" + kBound + "]"));
}

TEST(Claims, NameTheKeyAndNothingElseInCnf) {
  for (const char* cnf :
       {R"({})", R"({"jkt":""})", R"({"jkt":"k","x":1})", R"({"x":"k"})", R"("k")"}) {
    EXPECT_FALSE(reads(with(R"({"jkt":"k"})", cnf))) << cnf;
  }
}

TEST(Claims, HaveTimesThatAClockHasAndTheUsersIdAsSub) {
  EXPECT_TRUE(reads(with(R"("exp":3)", R"("exp":253402300799)")));
  EXPECT_FALSE(reads(with(R"("exp":3)", R"("exp":253402300800)")));
  EXPECT_FALSE(reads(with(R"("iat":2)", R"("iat":-1)")));
  EXPECT_FALSE(reads(with(R"("sub":"7")", R"("sub":"07")")));
  EXPECT_FALSE(reads(with(R"("id":7)", R"("id":8)")));
}

TEST(Claims, AreOneDocumentWithNothingAroundIt) {
  using std::string_literals::operator""s;
  for (const std::string& text :
       {""s, "{}"s, "7"s, kBound + "x", kBound + '\0', "\xEF\xBB\xBF" + kBound,
        with("\"l\"", "\"\xFF\""), kBound.substr(1), kBound.substr(0, kBound.size() - 1)}) {
    EXPECT_FALSE(reads(text)) << text;
  }
}

/// The same by a tree, as slow as that is: what read_claims() must agree with.
bool reads_as_tree(std::string_view text) {
  const auto is_text = [](const Json& object, const char* key) {
    return find_string(object, key) != nullptr;
  };
  const auto is_time = [](const Json& object, const char* key) {
    const Json* member = find_member(object, key);
    return member != nullptr && member->is_number_integer() && member->get<std::int64_t>() >= 0 &&
           member->get<std::int64_t>() <= 253402300799;
  };
  const Result<Json> claims = read_json(text, 4096, 2);
  if (!claims) return false;
  for (const char* key : {"iss", "sub", "aud", "sid"}) {
    if (!is_text(*claims, key)) return false;
  }
  for (const char* key : {"auth_time", "iat", "exp"}) {
    if (!is_time(*claims, key)) return false;
  }
  const Json* cnf = find_member(*claims, "cnf");
  if (cnf != nullptr &&
      (cnf->size() != 1 || !is_text(*cnf, "jkt") || find_string(*cnf, "jkt")->empty()))
    return false;
  const Json* groups = find_member(*claims, "groups");
  const auto is_string = [](const Json& entry) { return entry.is_string(); };
  if (groups != nullptr &&
      (!groups->is_array() || !std::all_of(groups->begin(), groups->end(), is_string)))
    return false;
  for (const char* key : {"unmet", "hidden"}) {
    const Json* digests = find_member(*claims, key);
    if (digests != nullptr && digests->is_structured()) return false;
  }
  const Json* user = find_member(*claims, "user");
  if (user == nullptr || !is_text(*user, "login")) return false;
  const Json* id = find_member(*user, "id");
  return id != nullptr && id->is_number_integer() &&
         *find_string(*claims, "sub") == std::to_string(id->get<std::int64_t>());
}

void expect_as_in_tree(const Session& session, const Json& claims) {
  const auto text_of = [](const Json& object, const char* key) {
    const std::string* text = find_string(object, key);
    return text == nullptr ? std::nullopt : std::optional(*text);
  };
  EXPECT_EQ(session.iss, text_of(claims, "iss"));
  EXPECT_EQ(session.aud, text_of(claims, "aud"));
  EXPECT_EQ(session.sid, text_of(claims, "sid"));
  for (const auto& [key, time] : {std::pair("auth_time", session.auth_time),
                                  std::pair("iat", session.iat), std::pair("exp", session.exp)}) {
    EXPECT_EQ(time, find_member(claims, key)->get<std::int64_t>()) << key;
  }
  const Json* cnf = find_member(claims, "cnf");
  EXPECT_EQ(session.jkt, cnf == nullptr ? "" : text_of(*cnf, "jkt"));
  const Json* groups = find_member(claims, "groups");
  EXPECT_EQ(session.groups.held, groups == nullptr ? std::vector<std::string>()
                                                   : groups->get<std::vector<std::string>>());
  EXPECT_EQ(session.groups.unmet, text_of(claims, "unmet").value_or(""));
  EXPECT_EQ(session.groups.hidden, text_of(claims, "hidden").value_or(""));
  const Json& user = *find_member(claims, "user");
  EXPECT_EQ(session.user.id, find_member(user, "id")->get<std::int64_t>());
  EXPECT_EQ(session.user.login, text_of(user, "login"));
  EXPECT_EQ(session.user.name, text_of(user, "name"));
  EXPECT_EQ(session.user.email, text_of(user, "email"));
  EXPECT_EQ(session.user.avatar_url, text_of(user, "avatar_url").value_or(""));
  EXPECT_EQ(session.user.html_url, text_of(user, "html_url").value_or(""));
  const std::string& written = session.user_json;
  EXPECT_TRUE(written.empty() || written == make_user_json(session.user).text());
}

TEST(Claims, AreReadOrRefusedAsATreeOfThemWouldBe) {
  std::mt19937 random(7);  // NOLINT(*-msc51-cpp): the same texts each time
  const auto below = [&](std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
  };
  const std::string pieces = R"({}[]",:17nul-.eE\ xk)";
  std::array<int, 2> seen{};
  for (int i = 0; i < 50'000; ++i) {
    std::string text = i % 2 == 0 ? kBound : kGrouped;
    for (std::size_t edits = 1 + below(3); edits > 0; --edits) {
      const std::size_t at = below(text.size());
      switch (below(4)) {
        case 0:
          text[at] = pieces[below(pieces.size())];
          break;
        case 1:
          text.erase(at, 1 + below(12));
          break;
        case 2:
          text.insert(at, 1, pieces[below(pieces.size())]);
          break;
        default:
          text.insert(at, kGrouped.substr(below(kGrouped.size()), 1 + below(24)));
          break;
      }
    }
    const Result<Session> session = read_claims(text);
    ASSERT_EQ(static_cast<bool>(session), reads_as_tree(text)) << text;
    if (session) expect_as_in_tree(*session, *read_json(text, 4096, 2));
    ASSERT_FALSE(testing::Test::HasFailure()) << text;
    ++seen.at(session ? 1 : 0);
  }
  EXPECT_GT(seen[0], 1'000);
  EXPECT_GT(seen[1], 1'000);
}

}  // namespace
}  // namespace portero
