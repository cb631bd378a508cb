#include "proxy/check/policy.h"

#include <gtest/gtest.h>

namespace portero {
namespace {

constexpr std::string_view kPage = "https://page.example";
constexpr std::string_view kProxy = "https://login.example/v1/session";

bool allows(const std::string& source, std::string_view url = kProxy) {
  return allows_url("connect-src " + source, "connect-src", url, kPage);
}

TEST(PagePolicy, AllowsWhatASourceNames) {
  for (const char* source :
       {"https://login.example", "login.example", "*.example", "*",
        "https:", "http:", "http://login.example", "https://login.example:443",
        "https://login.example/v1/", "LOGIN.example", "https://login.example:*",
        "https://login.example/", "https://login.example/v1/session", "https://*",
        "HTTPS://login.example/v1/session?x", "'none' https://login.example",
        "http://login.example:80", "\t https://other.example\n\flogin.example"}) {
    EXPECT_TRUE(allows(source)) << source;
  }
}

TEST(PagePolicy, AllowsNothingElse) {
  for (const char* source :
       {"", "'none'", "'self'", "https://login.example.evil", "https://example",
        "https://login.example:8443", "wss:", "*.login.example", "'nonce-login.example'", "data:",
        "https://login.example/V1/", "https://login.example/v1", "https://login.example/v1/sessio",
        "https://login.example/v2/", "'*'", "ws://login.example", "https"}) {
    EXPECT_FALSE(allows(source)) << source;
  }
  EXPECT_TRUE(allows("'SELF'", "https://page.example/v1/session"));
  EXPECT_TRUE(allows("http://127.0.0.1:80", "http://127.0.0.1/"));
  EXPECT_FALSE(allows("http://127.0.0.1:80", "http://127.0.0.1:81/"));
  EXPECT_FALSE(allows("https://127.0.0.1", "http://127.0.0.1/")) << "https names no http";
  EXPECT_TRUE(allows("http://[::1]:8080", "http://[::1]:8080/v1/session"));
}

TEST(PagePolicy, FallsBackOnDefaultSrcAndOnNothing) {
  const auto shows = [](std::string_view policy) {
    return allows_url(policy, "img-src", kProxy, kPage);
  };
  EXPECT_FALSE(shows("default-src 'none'"));
  EXPECT_TRUE(shows("default-src 'none'; IMG-SRC *"));
  EXPECT_TRUE(shows("style-src 'none'"));
  EXPECT_FALSE(shows("img-src 'none'; img-src *")) << "the first counts";
  EXPECT_FALSE(shows("x-img-src *; default-src 'none'"));
  EXPECT_FALSE(shows("default-src 'none'; default-src *; img-srcs *"));
  EXPECT_FALSE(shows(";; ; img-src"));
}

TEST(PagePolicy, IsOneOfAList) {
  using Policies = std::vector<std::string>;
  EXPECT_EQ(split_policies("img-src *, frame-ancestors 'none'"),
            (Policies{"img-src *", " frame-ancestors 'none'"}));
  EXPECT_EQ(split_policies(", ,\t,a; b,,c,"), (Policies{"a; b", "c"}));
  EXPECT_EQ(split_policies(""), Policies{});
}

TEST(PagePolicy, LetsWebAssemblyRun) {
  for (const std::string_view policy :
       {"", "img-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "script-src 'unsafe-eval'",
        "default-src 'WASM-unsafe-eval'",
        "script-src-elem 'none'; script-src 'wasm-unsafe-eval'"}) {
    EXPECT_TRUE(allows_wasm(policy)) << policy;
  }
  for (const std::string_view policy : {"script-src 'self'", "default-src *", "script-src *",
                                        "default-src 'wasm-unsafe-eval'; script-src 'self'"}) {
    EXPECT_FALSE(allows_wasm(policy)) << policy;
  }
}

TEST(PagePolicy, LetsAScriptRunByAddressNonceOrHash) {
  const PolicyScript plain{
      .url = "https://page.example/web/portero.js", .nonce = "", .integrity = ""};
  PolicyScript known = plain;
  known.nonce = "r4nd0m";
  known.integrity = "sha384-abc sha256-def?x";
  PolicyScript imported = plain;
  imported.is_import = true;
  const auto runs = [](std::string_view policy, const PolicyScript& script) {
    return allows_script(policy, script, kPage);
  };
  for (const std::string_view policy :
       {"", "default-src 'self'", "script-src 'none'; script-src-elem 'self'", "script-src *",
        "script-src https://page.example/web/", "script-src 'nonce-x' 'self'"}) {
    EXPECT_TRUE(runs(policy, plain)) << policy;
  }
  for (const std::string_view policy :
       {"default-src 'none'", "script-src 'self'; script-src-elem 'none'", "script-src cdn.example",
        "script-src 'self' 'strict-dynamic'", "script-src 'nonce-'",
        "script-src 'unsafe-inline'"}) {
    EXPECT_FALSE(runs(policy, plain)) << policy;
  }
  EXPECT_TRUE(runs("script-src 'nonce-r4nd0m' 'strict-dynamic'", known));
  EXPECT_FALSE(runs("script-src 'nonce-R4ND0M'", known)) << "its case counts";
  EXPECT_TRUE(runs("script-src 'sha256-def' 'sha384-abc'", known));
  EXPECT_FALSE(runs("script-src 'sha256-def'", known)) << "each hash must be named";
  EXPECT_TRUE(runs("script-src 'nonce-other' 'strict-dynamic'", imported));
  EXPECT_FALSE(runs("script-src 'nonce-other'", imported));
}

TEST(PagePolicy, LetsABaseCountAndAPageBeItself) {
  EXPECT_TRUE(allows_base("default-src 'none'", "https://cdn.example/", kPage));
  EXPECT_FALSE(allows_base("base-uri 'self'", "https://cdn.example/", kPage));
  EXPECT_TRUE(allows_base("base-uri https://cdn.example", "https://cdn.example/a/", kPage));
  EXPECT_TRUE(allows_scripts_and_origin("default-src 'none'"));
  EXPECT_TRUE(allows_scripts_and_origin("sandbox allow-same-origin ALLOW-scripts"));
  EXPECT_FALSE(allows_scripts_and_origin("sandbox allow-scripts"));
  EXPECT_FALSE(allows_scripts_and_origin("img-src *; SANDBOX"));
}

}  // namespace
}  // namespace portero
