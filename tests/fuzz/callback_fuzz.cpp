// A callback that finish() accepts: another reading of the query finds exactly one code and our
// state, no error and no foreign issuer. A stricter setting or a later clock never accepts more.
#include "tests/fuzz/judgements.h"
#include "wasm/authorize.h"

namespace portero::callback_fuzz {

const std::string kState = "portero." + std::string(43, 's');
const std::string kVerifier(43, 'v');

Pending make_pending(bool require_issuer) {
  return {.state = kState,
          .code_verifier = kVerifier,
          .issuer = "https://github.com/login/oauth",
          .created = 1000,
          .require_issuer = require_issuer};
}

const Pending kPending = make_pending(false);
const Pending kStrict = make_pending(true);

FUZZ_TARGET(callback)(const std::uint8_t* data, std::size_t size) {
  const std::string_view query = text_of(data, size);
  const auto done = finish(query, kPending, 1000);
  const auto strict = finish(query, kStrict, 1000);
  check(!finish(query, kPending, 1001 + kPendingSeconds), "an old one is refused");
  check(!strict || done, "require_issuer accepts no more");
  if (!done) return 0;
  check(query_values(query, "code") == done->code + "\n", "one code");
  check(query_values(query, "state") == kState + "\n", "our state, once");
  check(query_values(query, "error").empty(), "no error");
  check(query_values(query, "iss") == (strict ? std::string(kPending.issuer) + "\n" : ""),
        "no issuer, or ours");
  return 0;
}

}  // namespace portero::callback_fuzz
