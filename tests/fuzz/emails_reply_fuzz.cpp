// An e-mail address is told only if GitHub's own list has it as the primary and verified one, in an
// answer that is a success.
#include "tests/fuzz/reply.h"

namespace portero::emails_reply_fuzz {

/// Whether a list has such an entry, by the library's plain parser.
bool lists(const nlohmann::json& list, const std::string& address) {
  const nlohmann::json wanted = {{"email", address}, {"primary", true}, {"verified", true}};
  return std::any_of(list.begin(), list.end(), [&](nlohmann::json entry) {
    if (!entry.is_object()) return false;
    nlohmann::json part;
    for (const char* name : {"email", "primary", "verified"}) part[name] = entry[name];
    return part == wanted;
  });
}

FUZZ_TARGET(emails_reply)(const std::uint8_t* data, std::size_t size) {
  const UpstreamReply reply = make_reply(text_of(data, size));
  const Result<std::optional<std::string>> address = read_emails_reply(reply);
  if (!address || !*address) return 0;
  const nlohmann::json list = nlohmann::json::parse(reply.body, nullptr, false);
  check(reply.status == 200 && list.is_array(), "GitHub said so");
  check(lists(list, **address), "it is the primary address, and verified");
  const auto is_control = [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; };
  check(std::none_of((*address)->begin(), (*address)->end(), is_control), "it can be shown");
  return 0;
}

}  // namespace portero::emails_reply_fuzz
