// Addresses as a browser resolves them. Each line was compared with `new URL(reference, base)`.
#include "proxy/check/address.h"

#include <gtest/gtest.h>

namespace portero {
namespace {

TEST(Address, IsResolvedAsABrowserDoes) {
  struct Case {
    std::string_view base;
    std::string_view reference;
    std::string_view address;
  };
  constexpr std::string_view kPage = "https://page.example/app/notes?x=1";
  for (const Case& one : std::vector<Case>{
           {kPage, "web/portero.js", "https://page.example/app/web/portero.js"},
           {kPage, "./web/../portero.js?v=2#end", "https://page.example/app/portero.js?v=2"},
           {kPage, "../../../portero.wasm", "https://page.example/portero.wasm"},
           {kPage, "/web/portero.js", "https://page.example/web/portero.js"},
           {kPage, "//cdn.example/a", "https://cdn.example/a"},
           {kPage, "\\\\cdn.example\\a\\b", "https://cdn.example/a/b"},
           {kPage, "HTTPS://CDN.Example:443/A", "https://cdn.example/A"},
           {kPage, "http:cdn.example/a", "http://cdn.example/a"},
           {kPage, "https:a", "https://page.example/app/a"},
           {kPage, "https:/a", "https://page.example/a"},
           {kPage, "http:/cdn.example", "http://cdn.example/"},
           {kPage, "https:////cdn.example", "https://cdn.example/"},
           {kPage, "http://cdn.example:80", "http://cdn.example/"},
           {kPage, "https://cdn.example:8443?a/../b", "https://cdn.example:8443/?a/../b"},
           {kPage, "?y", "https://page.example/app/notes?y"},
           {kPage, "", "https://page.example/app/notes?x=1"},
           {kPage, "#end", "https://page.example/app/notes?x=1"},
           {kPage, "  \n a\tb/\r\nc ", "https://page.example/app/ab/c"},
           {kPage, "a b/\xC3\xBC\"<>`{}.js?a b\xC3\xBC",
            "https://page.example/app/a%20b/%C3%BC%22%3C%3E%60%7B%7D.js?a%20b%C3%BC"},
           {kPage, ".", "https://page.example/app/"},
           {kPage, "..", "https://page.example/"},
           {kPage, "%2E%2e/a/%2e", "https://page.example/a/"},
           {kPage, "...", "https://page.example/app/..."},
           {kPage, "a//b", "https://page.example/app/a//b"},
           {kPage, "a:b", ""},
           {kPage, "/a:b", "https://page.example/a:b"},
           {kPage, "data:text/javascript,1", ""},
           {kPage, "javascript:1", ""},
           {kPage, "blob:https://page.example/a", ""},
           {kPage, "https://", ""},
           {kPage, "https://user@page.example/", ""},
           {kPage, "https://a b/", ""},
           {kPage, "//%61.example/", ""},
           {kPage, "https://page.example:99999/", ""},
           {"http://[::1]:8080", "a", "http://[::1]:8080/a"},
           {"http://127.0.0.1/", "//127.0.0.1:9/x", "http://127.0.0.1:9/x"},
       }) {
    EXPECT_EQ(resolve_address(one.base, one.reference).value_or(""), one.address)
        << one.base << ' ' << one.reference;
  }
}

TEST(Address, HasParts) {
  constexpr std::string_view kAddress = "https://page.example/web/portero.js?v=/2?";
  EXPECT_EQ(without_query(kAddress), "https://page.example/web/portero.js");
  EXPECT_EQ(query_of(kAddress), "v=/2?");
  EXPECT_EQ(query_of("https://page.example/"), "");
  EXPECT_EQ(target_of(kAddress), "/web/portero.js?v=/2?");
}

}  // namespace
}  // namespace portero
