#include "proxy/app/identity.h"

#include <gtest/gtest.h>

#include "wasm/encoding.h"

namespace portero {
namespace {

Session make_session(std::string_view name) {
  Session session;
  session.user.id = 583231;
  session.user.login = "octocat";
  session.user.name = name;
  return session;
}

/// The value of a line; "absent" if there is none.
std::string value_of(const std::string& lines, std::string_view name) {
  const std::string start = "X-Auth-Request-" + std::string(name) + ": ";
  const std::size_t at = lines.find(start);
  if (at == std::string::npos) return "absent";
  const std::size_t begin = at + start.size();
  return lines.substr(begin, lines.find("\r\n", begin) - begin);
}

std::string written_name(std::string_view name) {
  return value_of(write_identity(make_session(name)).text, "Name");
}

TEST(Identity, IsAllSixLinesByteForByte) {
  Session session = make_session("The Octocat");
  session.user.email = "octocat@github.example";
  session.groups.held = {"acme", "acme:writers", "acme/site"};
  const IdentityLines lines = write_identity(session);
  EXPECT_EQ(lines.text,
            "X-Auth-Request-User: octocat\r\n"
            "X-Auth-Request-User-Id: 583231\r\n"
            "X-Auth-Request-Preferred-Username: octocat\r\n"
            "X-Auth-Request-Name: The Octocat\r\n"
            "X-Auth-Request-Email: octocat@github.example\r\n"
            "X-Auth-Request-Groups: acme,acme:writers,acme/site\r\n");
  EXPECT_EQ(lines.groups, 3U);
}

TEST(Identity, HasAnEmptyValueWhereNothingIsKnown) {
  Session session = make_session("");
  session.user.name.reset();
  const std::string text = write_identity(session).text;
  for (const char* name : {"Name", "Email", "Groups"}) EXPECT_EQ(value_of(text, name), "") << name;
}

TEST(Identity, EncodesWhatIsNotVisibleAscii) {
  EXPECT_EQ(written_name("Öctocat"), "%C3%96ctocat");
  EXPECT_EQ(written_name("100%"), "100%25");
  EXPECT_EQ(written_name("a\r\nX-Auth-Request-User: root"), "a%0D%0AX-Auth-Request-User: root");
  EXPECT_EQ(written_name(std::string("a\0b", 3)), "a%00b");
  EXPECT_EQ(written_name("a\tb\x7f"), "a%09b%7F");
  EXPECT_EQ(written_name("\"a\", <b>; c=\\d"), "\"a\", <b>; c=\\d");
}

TEST(Identity, KeepsBlanksInsideAndEncodesThoseAtTheEnds) {
  EXPECT_EQ(written_name("a b  c"), "a b  c");
  EXPECT_EQ(written_name(" a "), "%20a%20");
  EXPECT_EQ(written_name(" "), "%20");
  EXPECT_EQ(written_name("  "), "%20%20");
}

TEST(Identity, EncodesTheCommaInAGroupAlone) {
  Session session = make_session("a,b");
  session.groups.held = {"a,b", " c"};
  const std::string text = write_identity(session).text;
  EXPECT_EQ(value_of(text, "Name"), "a,b");
  EXPECT_EQ(value_of(text, "Groups"), "a%2Cb,%20c");
}

TEST(Identity, DecodesToWhatItWas) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  all.erase(all.find('+'), 1);  // percent_decode() reads a form, where it is a blank
  EXPECT_EQ(*percent_decode(written_name(all)), all);
}

TEST(Identity, NamesAsManyGroupsAsFitAndNoHalfOne) {
  Session session = make_session(std::string(128, '\xff'));
  session.user.login = std::string(128, 'l');
  session.user.email = std::string(254, '\xff');
  EXPECT_LE(write_identity(session).text.size(), kIdentityMax) << "the rest always fits";
  for (int i = 0; i < 64; ++i) session.groups.held.push_back("acme/" + std::to_string(i + 100000));
  const IdentityLines lines = write_identity(session);
  EXPECT_LE(lines.text.size(), kIdentityMax);
  EXPECT_GT(lines.groups, 0U);
  EXPECT_LT(lines.groups, 64U);
  EXPECT_EQ(value_of(lines.text, "Groups").size(), lines.groups * 12 - 1);
  EXPECT_TRUE(lines.text.ends_with("\r\n"));
}

}  // namespace
}  // namespace portero
