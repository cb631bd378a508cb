// See people.h.
#include "tests/github/people.h"

#include <array>
#include <cctype>

namespace portero::stand_in {
namespace {

// U+0627… is Arabic script: the page must survive a name that runs from right to left.
constexpr std::array<Person, 30> kPeople{{
    {.id = 583231,
     .login = "ada-page",
     .name = "Ada Page",
     .email = "ada@example.org",
     .email_public = true,
     .colour = "#1a7f5a"},
    {.id = 1, .login = "nameless", .name = "", .email = "", .colour = "#6e5494"},
    {.id = 9007199254740991,
     .login = "a-login-of-thirty-nine-characters-long1",
     .name = "Wolfeschlegelsteinhausenbergerdorff Pérez-Quiñones de la Santísima Trinidad y "
             "Todos los Santos, Keeper of the Very Long Names, Third of That Name",
     .email = "long@example.org",
     .colour = "#b35900"},
    {.id = 77000042,
     .login = "img-onerror",
     .name = "Zoë <img src=x onerror=alert(1)> \"O'Brien\" & Søn 🦉",
     .email = "zoe@example.org",
     .colour = "#b3245d"},
    {.id = 150000007,
     .login = "yamin-ila-yasar",
     .name = "ليلى بنت يوسف",
     .email = "layla@example.org",
     .colour = "#0b6aa8"},
    {.id = 200000001,
     .login = "brand-new",
     .name = "Brand New",
     .email = "new@example.org",
     .email_verified = false,
     .colour = "#57606a"},
    {.id = 1000001, .login = "acme-owner", .name = "Owner", .email = "owner@acme.example"},
    {.id = 1000002, .login = "acme-member", .name = "Member", .email = "member@acme.example"},
    {.id = 1000003, .login = "acme-public-member", .name = "Public Member"},
    {.id = 1000004, .login = "acme-pending", .name = "Invited"},
    {.id = 1000005, .login = "acme-removed", .name = "Removed"},
    {.id = 1000006, .login = "acme-billing", .name = "Billing Manager"},
    {.id = 1000007, .login = "acme-writer", .name = "Writer"},
    {.id = 1000008, .login = "acme-poet", .name = "Poet"},
    {.id = 1000009, .login = "acme-haikuist", .name = "Haikuist"},
    {.id = 1000010, .login = "acme-writer-pending", .name = "Invited Writer"},
    {.id = 1000011, .login = "acme-maintainer", .name = "Maintainer"},
    {.id = 1000012, .login = "acme-secret-agent", .name = "In a Secret Team"},
    {.id = 1000013, .login = "acme-collaborator", .name = "May Push Only"},
    {.id = 1000014, .login = "acme-reader", .name = "May Read Only"},
    // Called acme-renamed-away before. Who took that login since is somebody else.
    {.id = 1000015, .login = "acme-renamed", .name = "Renamed"},
    {.id = 1000016, .login = "acme-renamed-away", .name = "Took a Login"},
    {.id = 1000017, .login = "acme-machine", .name = "A Machine's Account"},
    {.id = 1000018, .login = "acme-robot[bot]", .name = "Of an App", .type = "Bot"},
    {.id = 1000019, .login = "globex-writer", .name = "Of Another One"},
    {.id = 1000020, .login = "restricted-member", .name = "Behind a Policy"},
    {.id = 1000021, .login = "sso-member", .name = "Behind Single Sign-On"},
    {.id = 1000022, .login = "two-orgs-member", .name = "In Acme and Restricted"},
    {.id = 1000023, .login = "stranger", .name = "Nobody's Member"},
    {.id = 9007199254740993, .login = "beyond-2-53", .name = "A Long Number"},
}};

}  // namespace

std::span<const Person, kPeopleCount> people() {
  return std::span<const Person>(kPeople).first<kPeopleCount>();
}

std::span<const Person> everybody() { return kPeople; }

const Person* person(std::int64_t id) {
  for (const Person& one : kPeople) {
    if (one.id == id) return &one;
  }
  return nullptr;
}

const Person* person(std::string_view login) {
  for (const Person& one : kPeople) {
    if (one.login == login) return &one;
  }
  return nullptr;
}

std::string avatar_svg(const Person& person) {
  const char completion =
      static_cast<char>(std::toupper(static_cast<unsigned char>(person.login[0])));
  std::string svg = R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96">)";
  svg += R"(<rect width="96" height="96" fill=")" + std::string(person.colour) + R"("/>)";
  svg += R"(<text x="48" y="66" font-family="sans-serif" font-size="52" fill="#fff" )";
  svg += R"(text-anchor="middle">)";
  svg.push_back(completion);
  return svg + "</text></svg>\n";
}

}  // namespace portero::stand_in
