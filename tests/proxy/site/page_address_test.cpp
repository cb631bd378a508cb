#include "proxy/site/page_address.h"

#include <gtest/gtest.h>

namespace portero {
namespace {

Settings make_settings(const std::vector<std::string>& pages, const std::string& public_url = "") {
  Settings settings;
  settings.static_dir = "site";
  settings.public_url = public_url;
  for (const std::string& page : pages) {
    Site site;
    site.origin = page.substr(0, page.find('/', 8));
    site.redirect_uri = page;
    settings.sites.push_back(site);
  }
  return settings;
}

TEST(PageAddress, IsWhatABrowserOpensAndNamesWhatListens) {
  struct Case {
    std::vector<std::string> pages;
    std::string public_url;
    std::string listening;
    std::string described;
    bool refused;
  };
  for (const Case& c : std::vector<Case>{
           {{"http://127.0.0.1:8080/"}, "", "127.0.0.1:8080", "http://127.0.0.1:8080/", false},
           {{"http://localhost:8080/app/"},
            "",
            "127.0.0.1:8080",
            "http://localhost:8080/app/",
            false},
           {{"http://localhost:8080/"}, "", "[::1]:8080", "http://localhost:8080/", false},
           {{"http://[::1]:8080/"}, "", "[::1]:8080", "http://[::1]:8080/", false},
           {{"http://127.0.0.1:8080/"}, "", "localhost:8080", "http://127.0.0.1:8080/", false},
           {{"http://127.0.0.1:8080/"}, "", "0.0.0.0:8080", "http://127.0.0.1:8080/", false},
           {{"http://localhost/"}, "", "[::]:80", "http://localhost/", false},
           {{"https://a.example/", "http://localhost:8080/"},
            "",
            "127.0.0.1:8080",
            "http://localhost:8080/",
            false},
           {{"http://127.0.0.1:8080/"}, "", "127.0.0.1:2281", "http://127.0.0.1:2281/", true},
           {{"http://127.0.0.1:8080/"}, "", "[::1]:8080", "http://[::1]:8080/", true},
           {{"https://a.example/", "https://login.example/x/"},
            "https://login.example",
            "127.0.0.1:8080",
            "https://login.example/x/ (listening on 127.0.0.1:8080)",
            false},
           {{"https://a.example/"},
            "https://login.example/auth",
            "0.0.0.0:80",
            "https://login.example/auth/ (listening on 0.0.0.0:80)",
            false},
           {{"https://a.example/app/"},
            "",
            "192.0.2.1:8080",
            "https://a.example/app/ (listening on 192.0.2.1:8080)",
            false},
           {{"https://a.example/"},
            "",
            "unix:/run/portero.sock",
            "https://a.example/ (listening on unix:/run/portero.sock)",
            false},
           {{"http://localhost:8080/"},
            "",
            "unix:/run/portero.sock",
            "http://localhost:8080/ (listening on unix:/run/portero.sock)",
            false}}) {
    const Settings settings = make_settings(c.pages, c.public_url);
    EXPECT_EQ(describe_page(settings, c.listening), c.described);
    EXPECT_EQ(is_page_refused(settings, c.listening), c.refused) << c.described;
  }
}

TEST(PageAddress, IsRefusedOnlyWhereThereIsAPage) {
  Settings settings = make_settings({"http://127.0.0.1:8080/"});
  settings.static_dir.clear();
  EXPECT_FALSE(is_page_refused(settings, "127.0.0.1:2281"));
}

}  // namespace
}  // namespace portero
