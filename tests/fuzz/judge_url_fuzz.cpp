// An address that nothing is said against is one that libcurl calls at that very host; what is
// offered instead of another is such an address; a password in one is never repeated.
#include "proxy/base/url.h"
#include "proxy/settings/judge_url.h"
#include "tests/fuzz/judgements.h"

namespace portero::judge_url_fuzz {

const std::string kPassword = make_unknown_text();

void judge(const std::string& text, UrlForm form) {
  const UrlJudgement judged = judge_url(text, form);
  check(judged.wrong.empty() == judged.fix.empty(), "what is wrong has a fix");
  check(judged.wrong.empty() || !tells(judged.wrong + judged.right + judged.fix, kPassword),
        "no password is shown");
  if (judged.wrong.empty()) {
    check(judged.right == text && text.starts_with("http"), "it is as it was written");
    const std::string origin(origin_of(text));
    check(form.forward_proxy || is_origin_to_curl(origin), "an origin to libcurl");
    check(form.forward_proxy || text.starts_with("https://") || is_loopback_url(text), "TLS");
    check(form.path || origin == text, "nothing is behind it");
  } else if (!judged.right.empty()) {
    check(judge_url(judged.right, form).wrong.empty(), "what is offered is good");
  }
}

FUZZ_TARGET(judge_url)(const std::uint8_t* data, std::size_t size) {
  std::string text(text_of(data, size));
  const std::size_t at = text.find("{user}");
  if (at != text.npos) text.replace(at, 6, "ada:" + kPassword + "@");
  for (const UrlForm form : {UrlForm{}, UrlForm{.path = true}, UrlForm{.path = true, .query = true},
                             UrlForm{.forward_proxy = true}})
    judge(text, form);
  return 0;
}

}  // namespace portero::judge_url_fuzz
