// In whatever pieces bytes come, the reader says the same; a simpler reader sees each request end
// at the same byte; nothing gets through that cpp-httplib would decode or that could split a line.
#include "proxy/gate/request_reader.h"
#include "tests/fuzz/judgements.h"

namespace portero::request_reader_fuzz {

using State = RequestReader::State;
const Limits kLimits{.target = 64, .headers = 512, .header_fields = 16, .body = 128};

void judge(const Request& request) {
  check(request.target.starts_with('/') && request.target.size() <= kLimits.target, "a path");
  check(consists_of(request.host, "-._:[]"), "the host is an authority");
  for (const auto& field : {request.origin, request.sec_fetch_site, request.x_portero,
                            request.content_type, request.authorization, request.dpop}) {
    check(!field || (is_printable(*field) && field->find('%') == field->npos), "it is plain");
  }
}

/// What a reader says of a stream that comes `step` bytes at a time.
std::string read_all(std::string_view stream, std::size_t step) {
  RequestReader reader(kLimits);
  std::string said;
  for (std::size_t begin = 0, used = 0; used < stream.size();) {
    used += reader.feed(stream.substr(used, step));
    if (reader.state() == State::kRefused) return said.append(name(reader.error()));
    if (reader.state() != State::kComplete) continue;
    const Request request = reader.take().request;
    judge(request);
    check(used - begin == end_of_request(stream.substr(begin), kLimits.body), "the same end");
    said += std::to_string(used) + request.method + request.target + request.body + "\n";
    begin = used;
  }
  return said;
}

FUZZ_TARGET(request_reader)(const std::uint8_t* data, std::size_t size) {
  check(read_all(text_of(data, size), 1) == read_all(text_of(data, size), size), "pieces agree");
  return 0;
}

}  // namespace portero::request_reader_fuzz
