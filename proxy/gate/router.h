// The router of what is handed to workers, which is cpp-httplib: it is given the request line alone
// and says which route that is. It never sees a header, a body or a socket, and what it renders is
// thrown away but for its status line, in which our handler names the route. See httplib_adapter.h
// for how it is called.
#pragma once

#include <memory>
#include <span>

#include "proxy/base/http.h"
#include "proxy/base/route.h"

namespace portero {

class Router {
 public:
  /// Registers every route whose lane has workers. `routes` outlives the router.
  explicit Router(std::span<const Route> routes);
  ~Router();
  Router(const Router&) = delete;
  Router& operator=(const Router&) = delete;

  /// The route for the request's method and path; nullptr: the library knows none. Paths are
  /// compared with the raw target: `/v1/%73ession` has no route. Any thread; several at once.
  [[nodiscard]] const Route* find(const Request& request) const;

 private:
  class Server;
  const std::span<const Route> routes_;
  std::unique_ptr<Server> server_;
};

}  // namespace portero
