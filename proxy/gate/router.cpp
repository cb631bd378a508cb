// The only source that includes cpp-httplib. See router.h.
#include "proxy/gate/router.h"

#include <httplib.h>

#include "proxy/gate/httplib_adapter.h"

namespace portero {
namespace {

/// The library gives a handler no data of ours and takes none back but a Response. So the handler
/// answers with a status that names its route: this one and the route's place in the table. The
/// library itself answers with none of them.
constexpr int kFirstRoute = 210;

/// `/v1/session` -> a pattern that matches it and nothing else.
std::string make_pattern(std::string_view path) {
  std::string pattern;
  for (const char c : path) {
    if (std::string_view("\\^$.|?*+()[]{}").find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

}  // namespace

class Router::Server : public AdaptedServer<httplib::Server, httplib::Stream, httplib::Request> {
 public:
  explicit Server(std::span<const Route> routes) {
    for (std::size_t i = 0; i < routes.size(); ++i) {
      if (routes[i].lane != Lane::kLoop) add(routes[i], kFirstRoute + static_cast<int>(i));
    }
  }

 private:
  void add(const Route& route, int status) {
    const std::string pattern = make_pattern(route.path);
    const auto say = [status](const httplib::Request&, httplib::Response& response) {
      response.status = status;
    };
    if (route.method == "GET") Get(pattern, say);
    if (route.method == "POST") Post(pattern, say);
    if (route.method == "DELETE") Delete(pattern, say);
  }
};

Router::Router(std::span<const Route> routes)
    : routes_(routes), server_(std::make_unique<Server>(routes)) {}
Router::~Router() = default;

const Route* Router::find(const Request& request) const {
  const std::string_view path = path_of(request.target);
  const std::string line = request.method + " " + std::string(path) + " HTTP/1.1\r\n\r\n";
  MemoryStream<httplib::Stream, socket_t> stream(line);
  server_->process(stream);
  const int place = stream.status() - kFirstRoute;
  if (place < 0 || static_cast<std::size_t>(place) >= routes_.size()) return nullptr;
  const Route& route = routes_[static_cast<std::size_t>(place)];
  // The library routes by a decoded path; what is not literally a path of ours ends here.
  return route.path == path ? &route : nullptr;
}

}  // namespace portero
