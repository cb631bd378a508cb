#include "proxy/app/sign_out.h"

#include <algorithm>

#include "proxy/app/session.h"
#include "proxy/session/cookies.h"

namespace portero {

Answer answer_sign_out(const PageCall& call) {
  Answer answer{.response = {.status = 204}};
  if (call.carry == Carry::kOff) return answer;
  const auto [found, session, ends] = find_session(call);
  if (is_refused(call, found)) return refuse_session(found);
  answer.outcome.session = found;
  if (found == SessionFound::kOpened) answer.outcome.subject = session.user.id;
  // One that only today's settings have ended would be back with others.
  if (!session.sid.empty()) {
    // A renewal in another tab may have moved `exp`, to the end of the lifetime at most.
    const std::int64_t end = session.auth_time + call.app.settings.session.lifetime.count();
    call.app.signed_out.add(session.sid, std::max(session.exp, end), call.now);
  }
  if (call.carry == Carry::kCookie) {
    answer.response.headers.push_back({"Set-Cookie", make_expired_cookie(*call.site)});
  }
  return answer;
}

}  // namespace portero
