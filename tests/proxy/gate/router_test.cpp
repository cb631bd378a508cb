// The router: cpp-httplib names the route that the table holds, and none for what is not literally
// in it.
#include "proxy/gate/router.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <thread>
#include <vector>

#include "proxy/app/routes.h"

namespace portero {
namespace {

Request make_request(std::string method, std::string target) {
  Request request;
  request.id = "0123456789abcdef";
  request.peer = "127.0.0.1";
  request.client = "192.0.2.1";
  request.method = std::move(method);
  request.target = std::move(target);
  request.host = "page.example";
  return request;
}

Response answer_unrouted(const std::string& method, const std::string& target) {
  Request request = make_request(method, target);
  const RouteMatch match =
      match_route(routes(), Listener::kVisitors, method, path_of(request.target));
  EXPECT_EQ(match.route, nullptr) << method << " " << target;
  EXPECT_EQ(Router(routes()).find(request), nullptr) << method << " " << target;
  request.allow = match.allow;
  return refuse_unrouted(request);
}

TEST(Router, NamesEveryRouteOfTheWorkersAndHeadWhereGet) {
  const Router router(routes());
  for (const Route& route : routes()) {
    if (route.lane == Lane::kLoop) continue;
    const std::string path(route.path);
    EXPECT_EQ(router.find(make_request(std::string(route.method), path)), &route) << path;
    EXPECT_EQ(router.find(make_request(std::string(route.method), path + "?a=b")), &route);
    if (route.method != "GET") continue;
    EXPECT_EQ(router.find(make_request("HEAD", path)), &route) << path;
  }
}

TEST(Router, KnowsNoRouteThatTheLoopAnswers) {
  const Router router(routes());
  for (const char* path : {"/v1/config", "/v1/session", "/healthz", "/readyz", "/metrics"}) {
    EXPECT_EQ(router.find(make_request("GET", path)), nullptr) << path;
  }
}

TEST(Router, IsAskedBySeveralThreadsAtOnce) {
  static constexpr std::array<Route, 2> kTwo = {
      {{.method = "GET", .path = "/v1/session", .lane = Lane::kLogin},
       {.method = "DELETE", .path = "/v1/session", .lane = Lane::kLogin}}};
  const Router router(kTwo);
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      const Request request = make_request(i % 2 == 0 ? "GET" : "DELETE", "/v1/session");
      for (int n = 0; n < 200; ++n) {
        const Route* found = router.find(request);
        if (found == nullptr || found->method != request.method) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(Router, ComparesPathsWithTheRawTarget) {
  for (const char* target : {"/",
                             "//v1/session",
                             "/v1//session",
                             "/v1/./session",
                             "/v1/../v1/session",
                             "/v1/session/",
                             "/v1/%73ession",
                             "/v1%2fsession",
                             "/v1/session%00",
                             "/v1/session;x",
                             "/V1/session",
                             "/v1/sessio",
                             "/v1/sessionx",
                             "/v1/session%3f",
                             "/v1/session%23",
                             "/v1",
                             "/v1/",
                             "/healthz/",
                             "/healthzz",
                             "/%68ealthz",
                             "/metrics",
                             "/v1/check/x",
                             "/v1/session%20",
                             "/v1/session+"}) {
    for (const char* method : {"GET", "POST", "DELETE", "HEAD"}) {
      const Response response = answer_unrouted(method, target);
      EXPECT_EQ(response.status, 404) << method << " " << target;
      EXPECT_TRUE(response.body.find("not_found") != std::string::npos);
    }
  }
}

TEST(Router, NamesTheMethodsThatAreAllowed) {
  for (const char* method : {"PUT", "PATCH", "TRACE", "CONNECT", "get", "FOO", "PRI"}) {
    const Response response = answer_unrouted(method, "/v1/session");
    EXPECT_EQ(response.status, 405) << method;
    ASSERT_NE(find_header(response.headers, "Allow"), nullptr);
    EXPECT_EQ(*find_header(response.headers, "Allow"), "GET, HEAD, POST, DELETE");
  }
  EXPECT_EQ(answer_unrouted("POST", "/healthz").status, 405);
}

TEST(Router, RefusesAQueryWhereNoHandlerWouldSeeIt) {
  EXPECT_EQ(answer_unrouted("GET", "/v1/nothing?a=b").status, 400);
  EXPECT_EQ(answer_unrouted("PUT", "/v1/session?a=b").status, 400);
  EXPECT_EQ(answer_unrouted("GET", "/nothing?a=b").status, 404);
}

}  // namespace
}  // namespace portero
