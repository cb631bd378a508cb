// A person that GitHub names has a number a JavaScript page can hold, a plain login, https
// addresses that need no escaping, and always fits a cookie.
#include "tests/fuzz/page.h"
#include "tests/fuzz/reply.h"

namespace portero::user_reply_fuzz {

const KeyRing kRing = make_ring();
const GithubSettings kGithub;

bool is_safe(const std::string& url) {
  return url.empty() || (url.starts_with("https://") && is_printable(url) &&
                         url.find_first_of(" \"<>\\") == url.npos);
}

std::string seal(const User& user) {
  const Session session{.iss = std::string(kHere.iss),
                        .aud = std::string(kPage),
                        .sid = std::string(22, 's'),
                        .auth_time = kNow,
                        .iat = kNow,
                        .exp = kNow + 1,
                        .user = user};
  const Result<std::string> sealed = seal_session(session, kRing.keys[0]);
  check(static_cast<bool>(sealed), "it fits a cookie");
  return *sealed;
}

FUZZ_TARGET(user_reply)(const std::uint8_t* data, std::size_t size) {
  const UpstreamReply reply = make_reply(text_of(data, size));
  const Result<User> user = read_user_reply(reply, kGithub);
  if (!user) return 0;
  check(reply.status == 200 && body_of(reply)["id"] == user->id, "it is whom GitHub named");
  check(user->id >= 1 && user->id < std::int64_t{1} << 53, "the number is exact in a page");
  check(consists_of(user->login, "-_") && !user->login.empty(), "the login is plain");
  check(is_safe(user->avatar_url) && is_safe(user->html_url), "addresses are safe");
  check(open_session(seal(*user), kRing, kHere, kNow)->user.id == user->id, "it comes back");
  return 0;
}

}  // namespace portero::user_reply_fuzz
