// Whatever an answer's headers hold, one answer is sent: a header that could split it makes it
// `internal`. Input: status|name|value|name|value|…, the last piece is the body.
#include "proxy/gate/response_writer.h"
#include "tests/fuzz/answer.h"

namespace portero::response_writer_fuzz {

bool splits(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != text.npos;
}

FUZZ_TARGET(response_writer)(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = text_of(data, size);
  Response response;
  response.status = 200 + std::abs(std::atoi(std::string(take(rest, '|')).c_str()) % 400);
  bool is_split = false;
  while (std::count(rest.begin(), rest.end(), '|') >= 2) {
    const std::string_view name = take(rest, '|');
    const std::string_view value = take(rest, '|');
    if (name.find(':') != name.npos) continue;  // names are the product's own
    is_split = is_split || name.empty() || splits(name) || splits(value);
    response.headers.push_back({std::string(name), std::string(value)});
  }
  response.body = rest;
  const bool is_head = size % 2 == 1;
  const std::string sent =
      write_response(response, {.target = "/v1/session", .is_head = is_head}).bytes;
  const SentAnswer answer = read_answer(sent, is_head);
  check(answer.status == (is_split ? 500 : response.status), "what could split it is not sent");
  check(*find_header(answer.headers, "Cache-Control") == "no-store", "it is not kept");
  check(find_header(answer.headers, "Transfer-Encoding") == nullptr, "it is not chunked");
  if (!is_split && !answer.body.empty()) check(answer.body == response.body, "the body is whole");
  return 0;
}

}  // namespace portero::response_writer_fuzz
