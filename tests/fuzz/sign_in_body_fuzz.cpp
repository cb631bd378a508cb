// The body of POST /v1/session: GitHub is asked for a token only for an exact document, once, with
// exactly its code and verifier and with the pinned redirect_uri; otherwise nobody is asked
// anything.
#include <nlohmann/json.hpp>

#include "tests/fuzz/judgements.h"
#include "tests/fuzz/visit.h"

namespace portero::sign_in_body_fuzz {

void judge(const UpstreamRequest& asked, const nlohmann::json& body) {
  const Site& site = visit_world().settings().sites[0];
  check(body.size() == 3 && body["v"] == 1, "the document is exact");
  check(query_values(asked.body, "code") == body["code"].get<std::string>() + "\n", "its code");
  const std::string verifier = body["code_verifier"].get<std::string>();
  check(query_values(asked.body, "code_verifier") == verifier + "\n", "its verifier");
  check(query_values(asked.body, "redirect_uri") == site.redirect_uri + "\n", "the pinned page");
  check(verifier.size() >= 43 && consists_of(verifier, "-._~"), "a verifier of RFC 7636");
}

FUZZ_TARGET(sign_in_body)(const std::uint8_t* data, std::size_t size) {
  const Request request = make_sign_in(text_of(data, size));
  Visit visit;
  int asked_times = 0;
  const BlockingFetch github = [&](const UpstreamRequest& asked) -> Result<UpstreamReply> {
    judge(asked, nlohmann::json::parse(request.body));
    ++asked_times;
    return Error::kUpstreamTimeout;
  };
  const Answer answer = answer_at_once(request, visit.app(), github, kNow);
  check(asked_times <= 1 && answer.response.status == (asked_times == 1 ? 504 : 400),
        "once or not");
  return 0;
}

}  // namespace portero::sign_in_body_fuzz
