// What GitHub says of a revocation and of waiting: a token counts as revoked for three statuses
// only; a wait is 1 to 3,600 seconds and the one that was named, whatever the clock.
#include "tests/fuzz/reply.h"

namespace portero::api_reply_fuzz {

FUZZ_TARGET(api_reply)(const std::uint8_t* data, std::size_t size) {
  const UpstreamReply reply = make_reply(text_of(data, size));
  const bool is_gone = reply.status == 204 || reply.status == 404 || reply.status == 422;
  check(static_cast<bool>(read_revoke_reply(reply)) == is_gone, "revoked");
  for (const std::int64_t now : {std::int64_t{0}, std::int64_t{1767225600}, INT64_MAX}) {
    const int seconds = read_retry_after(reply, now);
    check(seconds >= 1 && seconds <= 3600, "a wait is within an hour");
  }
  const std::string* named = find_header(reply.headers, "Retry-After");
  if (named == nullptr || named->empty() || named->size() > 9) return 0;
  if (named->find_first_not_of("0123456789") != named->npos) return 0;
  const int seconds = std::clamp(std::atoi(named->c_str()), 1, 3600);
  check(read_retry_after(reply, 0) == seconds, "it is the wait that was named");
  return 0;
}

}  // namespace portero::api_reply_fuzz
