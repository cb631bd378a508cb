// What the stand-in's pages say, in each language it speaks: one table a language, and one that
// misses a sentence does not compile. Refuses markup: everything here is text. `{}` is where a name
// goes.
#pragma once

#include <array>
#include <initializer_list>
#include <string>
#include <string_view>

#include "tests/github/people.h"

namespace portero::stand_in {

/// A sentence. There is no empty one, and none that a table may leave out.
class Text {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): so that a table reads as a table
  consteval Text(const char* text) : text_(text) {
    if (text_.empty()) throw "a sentence is missing";
  }
  [[nodiscard]] constexpr std::string_view view() const { return text_; }

 private:
  std::string_view text_;
};

/// A page that says one thing.
struct Notice {
  Text title;
  Text text;
};

struct Words {
  Text lang;  // BCP 47, for <html lang>
  Text site;  // after each title
  Text not_github;
  Text explanation;
  Text authorize;  // {}: the app
  Text cancel;
  Text asks_profile;            // {}: the app
  Text asks_profile_and_scope;  // {}: the app, then the scopes
  Text who;
  Text leads_to;                             // {}: the redirect_uri
  std::array<Text, kPeopleCount> about_one;  // in the order of people()
  Text profile;                              // {}: the login
  Notice connection;
  Notice unknown_path;
  Notice unknown_client;
  Notice too_late;
  Notice nobody;
};

/// The words for a visitor whose browser sent this `Accept-Language` (RFC 9110 §12.5.4): the
/// language it weighs most among ours; English when it names none of them.
[[nodiscard]] const Words& words_for(std::string_view accept_language);

/// The text with each `{}` replaced by a value in turn.
[[nodiscard]] std::string fill(Text text, std::initializer_list<std::string_view> values);

}  // namespace portero::stand_in
