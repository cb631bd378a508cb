// Whoever a session names, the program behind the web server is told just that: six headers, each
// once, in visible ASCII, that decode to what was sealed, and a head that fits into any buffer.
// Input: login, name and address, a line each, then a group a line.
#include "proxy/app/identity.h"
#include "proxy/gate/response_writer.h"
#include "tests/fuzz/answer.h"

namespace portero::identity_fuzz {

std::string decode(std::string_view text) {
  std::string bytes;
  for (std::size_t size = 0; !text.empty(); text.remove_prefix(size)) {
    size = text.front() == '%' ? 3 : 1;
    const std::string digits(text.substr(1, size - 1));
    bytes += size == 1 ? text.front() : static_cast<char>(std::stoi(digits, nullptr, 16));
  }
  return bytes;
}

FUZZ_TARGET(identity)(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = text_of(data, size);
  Session session;
  session.user.login = take(rest).substr(0, 39);  // GitHub has no longer ones
  session.user.name = take(rest).substr(0, 128);  // as seal_session() cuts it
  session.user.email = take(rest).substr(0, 254);
  while (!rest.empty()) session.groups.held.emplace_back(take(rest));
  Response response{.status = 200};
  const IdentityLines lines = write_identity(session);
  response.lines = lines.text;
  const std::string sent = write_response(response, {.target = "/v1/check/a"}).bytes;
  const SentAnswer answer = read_answer(sent, false);
  const auto told = [&](std::string_view name) { return *find_header(answer.headers, name); };
  check(answer.status == 200 && sent.size() <= 2000, "one answer, not too long");
  check(decode(told("X-Auth-Request-User")) == session.user.login, "the login");
  check(decode(told("X-Auth-Request-Name")) == session.user.name, "the name");
  check(decode(told("X-Auth-Request-Email")) == session.user.email, "the address");
  const std::string groups = told("X-Auth-Request-Groups");
  std::string_view left = groups;
  for (std::size_t i = 0; i < lines.groups; ++i)
    check(decode(take(left, ',')) == session.groups.held[i], "a group");
  check(left.empty() && lines.text.size() <= kIdentityMax, "and no other");
  return 0;
}

}  // namespace portero::identity_fuzz
