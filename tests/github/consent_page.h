// The pages a person sees at the stand-in, and what follows from their markup for their headers.
#pragma once

#include <string>
#include <string_view>

#include "tests/github/consent_text.h"
#include "tests/github/github.h"

namespace portero::stand_in {

/// As github.com sends it: a page that GitHub leads to learns that it was GitHub, and no more.
inline constexpr std::string_view kReferrerPolicy =
    "origin-when-cross-origin, strict-origin-when-cross-origin";

struct ConsentPage {
  std::string request;  // the authorize request the form answers
  std::string app_name;
  std::string redirect_uri;  // where the answer goes
  std::string scopes;        // comma separated; empty: public data only
  std::string login;         // the account to suggest; may be empty or unknown
};

/// A form without scripts: one of several people, *Authorize …* (`#authorize`) or *Cancel*
/// (`#cancel`).
[[nodiscard]] Reply make_consent_page(const ConsentPage& page, const Words& words);

/// A page that says one thing: 404 for an unknown client, 422 for a form that is too old.
[[nodiscard]] Reply make_notice_page(int status, const Words& words, const Notice& notice);

/// Where a page's link to the user leads.
[[nodiscard]] Reply make_profile_page(const Person& who, const Words& words);

[[nodiscard]] Reply make_stylesheet();

}  // namespace portero::stand_in
