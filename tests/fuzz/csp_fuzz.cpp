// A header line of policies means what its parts mean, each for itself; a policy more never allows
// what was blocked, and of two directives of a name the first counts.
#include "proxy/check/policy.h"
#include "tests/fuzz/fuzz.h"

namespace portero::csp_fuzz {

constexpr std::string_view kUrl = "https://login.example/v1/session";
constexpr std::string_view kPage = "https://page.example";

/// Bits: what every policy of the line allows.
unsigned allowed_by(const std::string& line) {
  unsigned all = 15;
  for (const std::string& policy : split_policies(line)) {
    const PolicyScript script{.url = "https://page.example/p.js", .nonce = "n", .integrity = "i"};
    all &= (allows_url(policy, "connect-src", kUrl, kPage) ? 1U : 0U) |
           (allows_wasm(policy) ? 2U : 0U) | (allows_script(policy, script, kPage) ? 4U : 0U) |
           (allows_base(policy, kUrl, kPage) ? 8U : 0U);
  }
  return all;
}

FUZZ_TARGET(csp)(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = text_of(data, size);
  const std::string first(take(rest));
  const std::string second(rest);
  const unsigned a = allowed_by(first);
  check(allowed_by(first + "," + second) == (a & allowed_by(second)), "a line is a list");
  unsigned each = 15;
  for (std::string_view list = first; !list.empty();)
    each &= allowed_by(std::string(take(list, ',')));
  check(a == each, "each part counts, and no other");
  check(allowed_by(lower_case(first)) == a || first.find_first_of("/'") != first.npos,
        "but for paths and nonces, case is nothing");
  const std::string none =
      "connect-src 'none'; script-src 'none'; script-src-elem; base-uri;" + first;
  check(allowed_by(none.substr(0, none.find(','))) == 0, "the first of a name counts");
  return 0;
}

}  // namespace portero::csp_fuzz
