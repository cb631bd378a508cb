// Whatever comes, and in whatever pieces: the reader says the same, keeps its limits, and lets
// nothing through that cpp-httplib would decode or that could split a line.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "proxy/gate/request_reader.h"

namespace {

using portero::RequestReader;

void check(bool holds) {
  if (!holds) std::abort();
}

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const portero::Limits limits;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  RequestReader whole(limits);
  const std::size_t used = whole.feed(bytes);
  RequestReader pieces(limits);
  std::size_t taken = 0;
  for (; taken < size && pieces.feed(bytes.substr(taken, 1)) == 1; ++taken) {
  }
  check(whole.state() == pieces.state());
  if (whole.state() == RequestReader::State::kRefused) check(whole.error() == pieces.error());
  if (whole.state() != RequestReader::State::kComplete) return 0;
  check(used == taken && used <= limits.headers + limits.body);
  const portero::Request request = whole.take().request;
  check(request.body.size() <= limits.body && request.target.size() <= limits.target);
  check(request.target.starts_with('/') && is_plain(request.target));
  check(is_plain(request.host) && request.host.find('%') == std::string::npos);
  for (const auto& field : {request.origin, request.sec_fetch_site, request.x_portero,
                            request.content_type, request.authorization, request.dpop}) {
    check(!field || (is_plain(*field) && field->find('%') == std::string::npos));
  }
  return 0;
}
