// From a request to the function that answers it, by way of cpp-httplib. The library gets one
// canonical request (only the headers of proxy/base/http.h, no byte of the visitor's cookies but ours)
// and what it renders is thrown away: status, a few headers and the body are taken from its
// Response. It never sees a socket. See httplib_seam.h for how it is called.
#pragma once

#include <functional>
#include <memory>

#include "proxy/base/http.h"

namespace portero {

class Router {
 public:
  /// Answers a routed request; runs on the caller's thread. An exception out of it is answered
  /// `internal`, its text is dropped.
  using Handler = std::function<Answer(const Request&)>;

  explicit Router(Handler handler);
  ~Router();
  Router(const Router&) = delete;
  Router& operator=(const Router&) = delete;

  /// The handler's answer for a method and path of routes(); otherwise bad_request for a query
  /// under /v1/, method_not_allowed with Allow, or not_found. Paths are compared with the raw
  /// target: `/v1/%73ession` is not found. Never a 3xx. Any thread; several at once.
  [[nodiscard]] Answer route(const Request& request) const;

 private:
  class Server;
  std::unique_ptr<Server> server_;
};

}  // namespace portero
