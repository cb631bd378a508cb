// See people.h.
#include "tests/github/people.h"

#include <array>
#include <cctype>

namespace portero::stand_in {
namespace {

// U+0627… is Arabic script: the page must survive a name that runs from right to left.
constexpr std::array<Person, kPeopleCount> kPeople{{
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
}};

}  // namespace

std::span<const Person, kPeopleCount> people() { return kPeople; }

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
