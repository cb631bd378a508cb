// An answer with `error` never yields a token, whatever else it says; nor does any status but 200.
// A token is the body's own and may stand in a header. The probe is content with one refusal only.
#include "tests/fuzz/reply.h"

namespace portero::token_reply_fuzz {

FUZZ_TARGET(token_reply)(const std::uint8_t* data, std::size_t size) {
  const UpstreamReply reply = make_reply(text_of(data, size));
  const nlohmann::json body = body_of(reply);
  const Result<GrantedToken> granted = read_token_reply(reply);
  const Result<Done> probe = read_probe_reply(reply);
  check(!granted || !probe, "a token is no refusal");
  if (probe) {
    const std::string error = body.value("error", "");
    check(error == "bad_verification_code" || error == "invalid_grant",
          "just the code was refused");
  }
  if (!granted) return 0;
  check(reply.status == 200 && !body.contains("error"), "there is no error");
  check(body.value("access_token", "") == granted->token.reveal(), "the token is the body's");
  check(consists_of(granted->token.reveal(), "._-"), "the token may stand in a header");
  check(lower_case(body.value("token_type", "")) == "bearer", "it is a bearer token");
  check(!body.contains("scope") || body["scope"] == granted->scope, "the scope is the body's");
  return 0;
}

}  // namespace portero::token_reply_fuzz
