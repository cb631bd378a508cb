#include "proxy/base/route.h"

#include <utility>

namespace portero {
namespace {

bool is_path_of(const Route& route, std::string_view path) {
  if (!route.path.ends_with('}')) return route.path == path;
  const std::string_view folder = route.path.substr(0, route.path.find('{'));
  return path.starts_with(folder) && path.size() > folder.size() &&
         path.find('/', folder.size()) == std::string_view::npos;
}

}  // namespace

RouteMatch match_route(std::span<const Route> routes, Listener listener, std::string_view method,
                       std::string_view path) {
  const std::string_view asked = method == "HEAD" ? "GET" : method;
  RouteMatch match;
  for (const Route& route : routes) {
    const bool is_there = route.listener == listener || route.listener == Listener::kBoth;
    if (!is_there || !is_path_of(route, path)) continue;
    if (route.method == asked) return {.route = &route};
    if (!match.allow.empty()) match.allow += ", ";
    match.allow += route.method;
    if (route.method == "GET") match.allow += ", HEAD";
  }
  return match;
}

Response refuse_method(std::string allow) {
  Response response = make_problem(Error::kMethodNotAllowed);
  response.headers.push_back({"Allow", std::move(allow)});
  return response;
}

Response refuse_unrouted(const Request& request) {
  const std::string_view path = path_of(request.target);
  if (is_api_target(path) && path.size() != request.target.size()) {
    return make_problem(Error::kBadRequest);
  }
  return request.allow.empty() ? make_problem(Error::kNotFound) : refuse_method(request.allow);
}

}  // namespace portero
