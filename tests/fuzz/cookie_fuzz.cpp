// Our cookie, found in whatever line browsers and their neighbours send: another, differently
// written reader finds the same; two copies are none; what we set is found again.
#include "proxy/session/cookies.h"
#include "tests/fuzz/judgements.h"

namespace portero::cookie_fuzz {

const std::string kName = make_cookie_name("https://page.example", false);

bool is_good(std::string_view value) {
  return !value.empty() && value.size() <= kSessionMax && consists_of(value, "._-");
}

FUZZ_TARGET(cookie)(const std::uint8_t* data, std::size_t size) {
  const std::string_view line = text_of(data, size);
  const std::vector<std::string_view> values = cookie_values(line, kName);
  const FoundCookie found = find_cookie(line, kName);
  check(found.doubled == (values.size() > 1), "two copies are doubled");
  check(found.value.has_value() == (values.size() == 1 && is_good(values[0])),
        "one good copy is found");
  check(!found.value || *found.value == values[0], "it is the value that was sent");
  const FoundCookie joined = find_cookie(std::string(line) + "; " + kName + "=ours", kName);
  check(joined.doubled == !values.empty(), "a copy in a second line is seen");
  check(!values.empty() || joined.value == "ours", "ours is found behind anything");
  return 0;
}

}  // namespace portero::cookie_fuzz
