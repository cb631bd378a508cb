// The router: what reaches the handler, what comes back, and that cpp-httplib's own opinions
// (decoding, 206, EXCEPTION_WHAT) do not.
#include "proxy/gate/router.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "proxy/app/app.h"

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

Answer say_ok(const Request&) { return {{.status = 200, .headers = {}, .body = "ok"}, {}}; }

TEST(Router, HandsTheHandlerEveryFieldUnchanged) {
  Request seen;
  const Router router([&](const Request& request) {
    seen = request;
    return say_ok(request);
  });
  Request request = make_request("POST", "/v1/session");
  request.origin = "https://page.example";
  request.sec_fetch_site = "same-site";
  request.x_portero = "1";
  request.content_type = "application/json; charset=utf-8";
  request.authorization = "DPoP a.b.c";
  request.dpop = "x.y.z";
  request.session = "sealed.-_value";
  request.session_doubled = true;
  request.body = std::string("{\"a\":\"\0%0d%0a\"}", 15);
  EXPECT_EQ(router.route(request).response.body, "ok");
  EXPECT_EQ(seen.id, request.id);
  EXPECT_EQ(seen.peer, request.peer);
  EXPECT_EQ(seen.client, request.client);
  EXPECT_EQ(seen.method, request.method);
  EXPECT_EQ(seen.target, request.target);
  EXPECT_EQ(seen.host, request.host);
  EXPECT_EQ(seen.origin, request.origin);
  EXPECT_EQ(seen.sec_fetch_site, request.sec_fetch_site);
  EXPECT_EQ(seen.x_portero, request.x_portero);
  EXPECT_EQ(seen.content_type, request.content_type);
  EXPECT_EQ(seen.authorization, request.authorization);
  EXPECT_EQ(seen.dpop, request.dpop);
  EXPECT_EQ(seen.session, request.session);
  EXPECT_TRUE(seen.session_doubled);
  EXPECT_EQ(seen.body, request.body);
}

TEST(Router, LeavesAbsentFieldsAbsent) {
  Request seen;
  const Router router([&](const Request& request) {
    seen = request;
    return say_ok(request);
  });
  EXPECT_EQ(router.route(make_request("GET", "/v1/session")).response.status, 200);
  EXPECT_FALSE(seen.origin || seen.sec_fetch_site || seen.x_portero || seen.content_type ||
               seen.authorization || seen.dpop || seen.session);
}

TEST(Router, PassesStatusHeadersBodyAndWhatComesAfterwards) {
  const Router router([](const Request&) {
    Answer answer;
    answer.response = {.status = 201,
                       .headers = {{"Content-Type", "application/json"},
                                   {"Set-Cookie", "a=b; Path=/"},
                                   {"X-Secret", "kept inside"}},
                       .body = "{}"};
    answer.afterwards = UpstreamRequest{.method = "DELETE", .url = "u", .headers = {}, .body = {}};
    return answer;
  });
  const Answer answer = router.route(make_request("POST", "/v1/session"));
  EXPECT_EQ(answer.response.status, 201);
  EXPECT_EQ(answer.response.body, "{}");
  EXPECT_EQ(*find_header(answer.response.headers, "Set-Cookie"), "a=b; Path=/");
  EXPECT_EQ(*find_header(answer.response.headers, "Content-Type"), "application/json");
  EXPECT_EQ(answer.response.headers.size(), 2U);
  ASSERT_TRUE(answer.afterwards);
  EXPECT_EQ(answer.afterwards->method, "DELETE");
}

TEST(Router, AnswersEveryRouteAndHeadWhereGet) {
  const Router router(say_ok);
  for (const Route& route : routes()) {
    const Request request = make_request(std::string(route.method), std::string(route.path));
    EXPECT_EQ(router.route(request).response.status, 200) << route.path;
    if (route.method != "GET") continue;
    EXPECT_EQ(router.route(make_request("HEAD", std::string(route.path))).response.status, 200);
  }
}

TEST(Router, ComparesPathsWithTheRawTarget) {
  int handled = 0;
  const Router router([&](const Request& request) {
    ++handled;
    return say_ok(request);
  });
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
      const Response response = router.route(make_request(method, target)).response;
      EXPECT_EQ(response.status, 404) << method << " " << target;
      EXPECT_TRUE(response.body.find("not_found") != std::string::npos);
    }
  }
  EXPECT_EQ(handled, 0);
}

TEST(Router, NamesTheMethodsThatAreAllowed) {
  const Router router(say_ok);
  for (const char* method : {"PUT", "PATCH", "TRACE", "CONNECT", "get", "FOO", "PRI"}) {
    const Response response = router.route(make_request(method, "/v1/session")).response;
    EXPECT_EQ(response.status, 405) << method;
    ASSERT_NE(find_header(response.headers, "Allow"), nullptr);
    EXPECT_EQ(*find_header(response.headers, "Allow"), allowed_methods("/v1/session"));
  }
  EXPECT_EQ(router.route(make_request("POST", "/healthz")).response.status, 405);
}

TEST(Router, RefusesAQueryWhereNoHandlerWouldSeeIt) {
  const Router router(say_ok);
  EXPECT_EQ(router.route(make_request("GET", "/v1/nothing?a=b")).response.status, 400);
  EXPECT_EQ(router.route(make_request("PUT", "/v1/session?a=b")).response.status, 400);
  EXPECT_EQ(router.route(make_request("GET", "/nothing?a=b")).response.status, 404);
}

TEST(Router, RefusesAMultipartBodyAsTheWrongType) {
  const Router router(say_ok);
  for (const char* type : {"multipart/form-data",
                           "multipart/form-data; boundary=", "multipart/form-data; boundary=x"}) {
    Request request = make_request("POST", "/v1/session");
    request.content_type = type;
    request.body = "garbage";
    const int status = router.route(request).response.status;
    EXPECT_TRUE(status == 415 || status == 200) << type << status;
  }
}

TEST(Router, AnswersInternalForAnExceptionWithoutItsText) {
  const Router router([](const Request&) -> Answer { throw std::runtime_error("secret text"); });
  const Response response = router.route(make_request("GET", "/v1/session")).response;
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body.find("secret"), std::string::npos);
  for (const Header& header : response.headers) {
    EXPECT_EQ(header.value.find("secret"), std::string::npos);
  }
}

TEST(Router, NeverRedirects) {
  for (const int status : {100, 199, 301, 302, 307, 399, 600, 0, -1}) {
    const Router router([=](const Request&) {
      return Answer{{.status = status, .headers = {}, .body = "x"}, {}};
    });
    EXPECT_EQ(router.route(make_request("GET", "/healthz")).response.status, 500) << status;
  }
}

}  // namespace
}  // namespace portero
