// The router of sign-ins: cpp-httplib. It is given the request line alone and says
// which route that is. It never sees a header, a body or a socket. Our handler names the route by
// the status of its answer. We keep only that status line. How it is called: httplib_adapter.h.
#pragma once

#include <memory>
#include <span>

#include "proxy/base/http.h"
#include "proxy/base/route.h"

namespace portero {

/// Never changes once made: find() may run on any number of threads at once.
class Router {
 public:
  /// Registers every route that the loop does not answer. `routes` outlives the router.
  explicit Router(std::span<const Route> routes);
  ~Router();
  Router(const Router&) = delete;
  Router& operator=(const Router&) = delete;

  /// The route for the request's method and path; nullptr: the library knows none. Paths are
  /// compared with the raw path, without the query: `/v1/%73ession` has no route.
  [[nodiscard]] const Route* find(const Request& request) const;

 private:
  class Server;
  const std::span<const Route> routes_;
  std::unique_ptr<Server> server_;
};

}  // namespace portero
