// What a route is: data, and the function that answers it. The table of all routes is app/routes.h.
// The gate finds the route once, after the headers. The Request then holds it.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "proxy/base/http.h"

namespace portero {

struct Answer;    // app/answer.h
struct PageCall;  // app/page_call.h

/// A call that is answered later, and what is called once with its answer.
using SharedCall = std::shared_ptr<const PageCall>;
using Answered = std::function<void(Answer)>;

/// login: what calls GitHub, and so may take seconds: on the upstream thread. loop: all others,
/// which wait for nothing and cost microseconds: on the loop that read them.
enum class Lane { kLoop, kLogin };

/// Where a route is answered.
enum class Listener { kVisitors, kInternal, kBoth };

/// When a call needs a proof (RFC 9449). kOfASession: only if Authorization came. A session in a
/// cookie never needs one.
enum class Proof { kNever, kOfASession, kAlways };

/// What a request must bring before its answer function is called.
struct Needs {
  bool page = false;    // the origin of a configured page, and no query
  bool header = false;  // `X-Portero: 1`
  bool json = false;    // a body of `application/json`
  Proof proof = Proof::kNever;
};

struct Route {
  std::string_view method;  // GET also answers HEAD
  /// Compared with the raw path, without the query. Literal, but that a last segment in braces,
  /// `{policy}`, stands for any one segment that is not empty.
  std::string_view path;
  Lane lane = Lane::kLoop;
  Listener listener = Listener::kVisitors;
  Needs needs = {};
  Answer (*answer)(const PageCall&) = nullptr;
  /// Instead of `answer`, of a route that asks GitHub: begins, and never waits.
  void (*begin)(const SharedCall&, Answered) = nullptr;
};

struct RouteMatch {
  const Route* route = nullptr;
  /// Without a route: what its path answers ("GET, HEAD, POST"); may be empty.
  std::string allow = {};
};

/// Finds the route for a method and a path (without query) on a listener. `listener` is kVisitors
/// or kInternal.
using MatchRoute =
    std::function<RouteMatch(Listener listener, std::string_view method, std::string_view path)>;

/// MatchRoute's work, by looking through `routes`.
[[nodiscard]] RouteMatch match_route(std::span<const Route> routes, Listener listener,
                                     std::string_view method, std::string_view path);

/// The answer to a request that no route answers: bad_request for a query under /v1/, else
/// method_not_allowed with `Allow`, or not_found. REQUIRES: request.route is null.
[[nodiscard]] Response refuse_unrouted(const Request& request);

/// method_not_allowed; `allow` names what is allowed.
[[nodiscard]] Response refuse_method(std::string allow);

}  // namespace portero
