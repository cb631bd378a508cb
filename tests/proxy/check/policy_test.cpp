#include "proxy/check/policy.h"

#include <gtest/gtest.h>

namespace portero {
namespace {

constexpr std::string_view kPage = "https://page.example";
constexpr std::string_view kProxy = "https://login.example";

TEST(PagePolicy, AllowsWhatASourceNames) {
  for (const std::string_view source :
       {"https://login.example", "login.example", "*.example", "*",
        "https:", "http:", "http://login.example", "https://login.example:443",
        "https://login.example/v1/", "LOGIN.example", "https://login.example:*"}) {
    EXPECT_TRUE(allows_origin("connect-src " + std::string(source), "connect-src", kProxy, kPage))
        << source;
  }
}

TEST(PagePolicy, AllowsNothingElse) {
  for (const std::string_view source : {"", "'none'", "'self'", "https://login.example.evil",
                                        "https://example", "https://login.example:8443", "wss:",
                                        "*.login.example", "'nonce-login.example'", "data:"}) {
    EXPECT_FALSE(allows_origin("connect-src " + std::string(source), "connect-src", kProxy, kPage))
        << source;
  }
  EXPECT_TRUE(allows_origin("connect-src 'self'", "connect-src", kPage, kPage));
}

TEST(PagePolicy, FallsBackOnDefaultSrcAndOnNothing) {
  EXPECT_FALSE(allows_origin("default-src 'none'", "img-src", kProxy, kPage));
  EXPECT_TRUE(allows_origin("default-src 'none'; IMG-SRC *", "img-src", kProxy, kPage));
  EXPECT_TRUE(allows_origin("style-src 'none'", "img-src", kProxy, kPage));
  EXPECT_FALSE(allows_origin("img-src 'none'; img-src *", "img-src", kProxy, kPage))
      << "the first counts";
  EXPECT_FALSE(allows_origin("x-img-src *; default-src 'none'", "img-src", kProxy, kPage));
}

TEST(PagePolicy, LetsWebAssemblyRun) {
  for (const std::string_view policy :
       {"", "img-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "script-src 'unsafe-eval'",
        "default-src 'WASM-unsafe-eval'"}) {
    EXPECT_TRUE(allows_wasm(policy)) << policy;
  }
  for (const std::string_view policy : {"script-src 'self'", "default-src *", "script-src *",
                                        "default-src 'wasm-unsafe-eval'; script-src 'self'"}) {
    EXPECT_FALSE(allows_wasm(policy)) << policy;
  }
}

TEST(PagePolicy, IsFoundInHeadersAndMetaElements) {
  const auto found = [](std::string html) {
    return find_policies({.status = 200, .headers = {}, .body = std::move(html)});
  };
  using Policies = std::vector<std::string>;
  EXPECT_EQ(find_policies({.status = 200,
                           .headers = {{"content-security-policy", "a"},
                                       {"Content-Security-Policy-Report-Only", "x"},
                                       {"Content-Security-Policy", "b"}},
                           .body = ""}),
            (Policies{"a", "b"}));
  EXPECT_EQ(found("<meta http-equiv=\"Content-Security-Policy\" content=\"img-src 'self'\">"),
            Policies{"img-src 'self'"});
  EXPECT_EQ(found("<META content='a > b &quot;' HTTP-EQUIV=content-security-policy><meta>"),
            Policies{"a > b \""});
  EXPECT_EQ(found("<meta name=\"viewport\" content=\"width=device-width\">"), Policies{});
  for (const char* torn : {"<meta", "<meta http-equiv", "<meta http-equiv=", "<meta http-equiv=\"",
                           "<meta content=", "<meta http-equiv=content-security-policy"}) {
    EXPECT_LE(found(torn).size(), 1U) << torn;
  }
}

}  // namespace
}  // namespace portero
