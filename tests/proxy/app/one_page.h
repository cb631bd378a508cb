// What a page asks of a proxy that has one page, and what it is answered: for the tests of
// respond().
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "proxy/app/routes.h"
#include "proxy/base/json.h"
#include "proxy/gate/cors.h"
#include "proxy/session/cookies.h"
#include "tests/proxy/app/at_once.h"
#include "tests/proxy/session/keys.h"

namespace portero {

inline constexpr std::int64_t kHour = 3600;

inline constexpr std::string_view kPage = "https://page.example";

// What GitHub says of octocat.
inline const std::string kToken = R"({"access_token":"gho_t","token_type":"bearer","scope":""})";
inline const std::string kUser = R"({"id":1,"login":"octocat","name":"Octo"})";

inline Site make_site(std::string_view origin, std::string redirect_uri) {
  Site site;
  site.origin = origin;
  site.redirect_uri = std::move(redirect_uri);
  site.client_id = "id";
  site.client_secret = Secret("secret");
  site.cookie_name = make_cookie_name(origin, false);
  return site;
}

/// A ring of one key, of zeros.
inline KeyRing make_one_key() { return {{make_key("k", 0)}}; }

/// What a browser sends with a call of that page; a POST carries a code.
inline Request make_call(std::string method, std::string_view origin, std::string host) {
  Request request;
  request.method = std::move(method);
  request.target = "/v1/session";
  request.host = std::move(host);
  request.origin = origin;
  request.sec_fetch_site = "same-origin";
  request.x_portero = "1";
  if (request.method != "POST") return request;
  request.content_type = "application/json";
  request.body = write_json({{"v", 1}, {"code", "c0de"}, {"code_verifier", std::string(43, 'v')}});
  return request;
}

/// What the gate does before respond(): finds the route, and which configured origin calls.
inline Request through_gate(Request request, const Settings& settings) {
  const RouteMatch match =
      match_route(routes(), Listener::kVisitors, request.method, path_of(request.target));
  request.route = match.route;
  request.allow = match.allow;
  std::vector<std::string> origins;
  for (const Site& site : settings.sites) origins.push_back(site.origin);
  request.origin_index = find_origin(origins, request.origin);
  return request;
}

/// What a browser sends with that session in the cookie of the page at `origin`.
inline std::string cookie_line(std::string_view session, std::string_view origin) {
  return make_cookie_name(origin, false) + "=" + std::string(session);
}

inline Json body(const Answer& answer) { return *read_json(answer.response.body, 65536, 4); }

/// The code of an answer that refuses, else its status.
inline std::string code(const Answer& answer) {
  const Json said = answer.response.body.empty() ? Json() : body(answer);
  const std::string* code = find_string(said, "code");
  return code == nullptr ? std::to_string(answer.response.status) : *code;
}

}  // namespace portero
