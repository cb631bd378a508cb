#include "proxy/base/route.h"

#include <gtest/gtest.h>

#include <array>

namespace portero {
namespace {

constexpr std::array<Route, 3> kTable = {{{.method = "GET", .path = "/v1/thing"},
                                          {.method = "POST", .path = "/v1/thing"},
                                          {.method = "GET", .path = "/v1/part/{name}"}}};

RouteMatch match(std::string_view method, std::string_view path) {
  return match_route(kTable, Listener::kVisitors, method, path);
}

TEST(Route, IsFoundByItsPathByteForByte) {
  EXPECT_EQ(match("GET", "/v1/thing").route, &kTable[0]);
  EXPECT_EQ(match("HEAD", "/v1/thing").route, &kTable[0]);
  EXPECT_EQ(match("POST", "/v1/thing").route, &kTable[1]);
  EXPECT_EQ(match("PUT", "/v1/thing").route, nullptr);
  EXPECT_EQ(match("PUT", "/v1/thing").allow, "GET, HEAD, POST");
  for (const char* path : {"/v1/things", "/v1/thin", "/v1/thing/", "/V1/thing", "/v1/%74hing"}) {
    EXPECT_EQ(match("GET", path).route, nullptr) << path;
  }
}

TEST(Route, TakesOneSegmentForItsBraces) {
  for (const char* path : {"/v1/part/a", "/v1/part/a-b_c", "/v1/part/{name}", "/v1/part/%2f"}) {
    EXPECT_EQ(match("GET", path).route, &kTable[2]) << path;
  }
  for (const char* path :
       {"/v1/part/", "/v1/part", "/v1/part/a/", "/v1/part/a/b", "/v1/part//a", "/v1/parta"}) {
    EXPECT_EQ(match("GET", path).route, nullptr) << path;
    EXPECT_EQ(match("GET", path).allow, "") << path;
  }
  EXPECT_EQ(match("POST", "/v1/part/a").allow, "GET, HEAD");
}

TEST(Route, IsThereOnItsListenerOnly) {
  EXPECT_EQ(match_route(kTable, Listener::kInternal, "GET", "/v1/part/a").route, nullptr);
}

}  // namespace
}  // namespace portero
