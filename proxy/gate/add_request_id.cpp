#include "proxy/gate/add_request_id.h"

#include <sys/random.h>

#include <array>
#include <utility>

#include "proxy/session/cookies.h"
#include "proxy/base/url.h"
#include "wasm/encoding.h"

namespace portero {
namespace {

std::string make_request_id() {
  std::array<unsigned char, 8> random{};
  // An id is for reading logs, not for security: zeros, if the system has none, do no harm.
  [[maybe_unused]] const ssize_t got = ::getrandom(random.data(), random.size(), 0);
  return hex_encode(random);
}

void find_session(const Settings& settings, std::string_view cookie, Request& request) {
  const Site* site = cookie.empty() ? nullptr : find_site(settings, request);
  if (site == nullptr) return;
  FoundCookie found = find_cookie(cookie, site->cookie_name);
  request.session = std::move(found.value);
  request.session_doubled = found.doubled;
}

}  // namespace

Request identify(ReadRequest read, std::string peer, std::string client, const Settings& settings) {
  Request request = std::move(read.request);
  request.id = make_request_id();
  request.peer = std::move(peer);
  request.client = std::move(client);
  find_session(settings, read.cookie, request);
  return request;
}

}  // namespace portero
