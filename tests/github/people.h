// The people who have an account at the stand-in: few, and each difficult in a way of their own.
// Those of the consent page come first. The others are for tests of memberships, and are called
// what they are to the organisations of organizations.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace portero::stand_in {

struct Person {
  std::int64_t id = 0;
  std::string_view login = {};
  std::string_view name = {};   // empty: null
  std::string_view email = {};  // the primary address; empty: none at all
  bool email_public = false;
  bool email_verified = true;
  std::string_view colour = "#57606a";  // of the avatar, as in CSS
  std::string_view type = "User";       // or Bot
};

inline constexpr std::size_t kPeopleCount = 6;

/// Those one can choose from on the consent page.
[[nodiscard]] std::span<const Person, kPeopleCount> people();
/// Those, then all others.
[[nodiscard]] std::span<const Person> everybody();
[[nodiscard]] const Person* person(std::int64_t id);
[[nodiscard]] const Person* person(std::string_view login);

/// A small SVG picture: a coloured disc with the first completion of the login.
[[nodiscard]] std::string avatar_svg(const Person& person);

}  // namespace portero::stand_in
