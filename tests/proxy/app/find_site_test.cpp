#include "proxy/app/find_site.h"

#include <gtest/gtest.h>

#include <fstream>

#include "proxy/base/url.h"
#include "tests/proxy/app/one_page.h"

namespace portero {
namespace {

Site make_page(const std::string& origin) { return make_site(origin, origin + "/"); }

Settings make_settings() {
  Settings settings;
  settings.sites = {make_page("http://127.0.0.1:8080"), make_page("http://localhost"),
                    make_page("https://good.example"), make_page("https://other.example:8443")};
  return settings;
}

Request make_get(std::string host) {
  Request request;
  request.method = "GET";
  request.host = std::move(host);
  return request;
}

std::string origin_found(const Request& request) {
  const Settings settings = make_settings();
  const Site* site = find_site(settings, through_gate(request, settings));
  return site == nullptr ? "" : site->origin;
}

struct HostileLine {
  std::string text;
  bool is_serialised = false;
};

std::vector<HostileLine> read_hostile_lines() {
  std::ifstream file(PORTERO_SOURCE_DIR "/tests/vectors/origins.txt", std::ios::binary);
  std::vector<HostileLine> lines;
  bool is_serialised = true;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("# Not origins")) is_serialised = false;
    if (!line.starts_with('#')) lines.push_back({line, is_serialised});
  }
  return lines;
}

TEST(Origins, TheCorpusIsThere) { EXPECT_GE(read_hostile_lines().size(), 200U); }

TEST(Origins, RefuseEveryHostileLine) {
  for (const HostileLine& line : read_hostile_lines()) {
    Request request = make_get("good.example");
    request.origin = line.text;
    EXPECT_EQ(origin_found(request), "") << line.text;
  }
}

TEST(Origins, KnowTheirOwnSerialisation) {
  for (const HostileLine& line : read_hostile_lines()) {
    EXPECT_EQ(is_serialised_origin(line.text), line.is_serialised) << line.text;
  }
  for (const std::string_view good :
       {"https://good.example", "https://good.example:8443", "http://localhost:8080",
        "http://127.0.0.1", "http://[::1]:8080", "https://[2001:db8::1]", "https://a_b.example",
        "https://xn--bcher-kva.example", "https://1a.example"}) {
    EXPECT_TRUE(is_serialised_origin(good)) << good;
  }
}

TEST(Origins, AnOriginLineDecidesAloneWhateverTheHost) {
  Request request = make_get("localhost");
  request.origin = "https://good.example";
  EXPECT_EQ(origin_found(request), "https://good.example");
  request.origin = "";
  EXPECT_EQ(origin_found(request), "");
}

TEST(Origins, AreFoundByHostWhereABrowserSendsNone) {
  struct Case {
    std::string host, origin;
  };
  for (const Case& c : std::vector<Case>{{"good.example", "https://good.example"},
                                         {"GOOD.Example", "https://good.example"},
                                         {"good.example:443", "https://good.example"},
                                         {"good.example:80", ""},
                                         {"good.example:", ""},
                                         {"good.example.", ""},
                                         {"other.example:8443", "https://other.example:8443"},
                                         {"other.example", ""},
                                         {"127.0.0.1:8080", "http://127.0.0.1:8080"},
                                         {"127.0.0.1", ""},
                                         {"localhost", "http://localhost"},
                                         {"localhost:80", "http://localhost"},
                                         {"localhost:443", ""},
                                         {":443", ""},
                                         {"", ""}}) {
    EXPECT_EQ(origin_found(make_get(c.host)), c.origin) << c.host;
  }
}

TEST(Origins, AreEachFoundAmongHundredsAndNothingBetweenThem) {
  Settings settings;
  for (int i = 100; i < 400; ++i) {
    settings.sites.push_back(make_page("https://p" + std::to_string(i) + ".example"));
  }
  for (const Site& site : settings.sites) {
    const std::string host = site.origin.substr(std::string_view("https://").size());
    Request request = make_get(host);
    EXPECT_EQ(find_site(settings, through_gate(request, settings)), &site) << host;
    EXPECT_EQ(find_site(settings, make_get(host + ":444")), nullptr) << host;
    request.host = "login.example";
    request.origin = site.origin;
    EXPECT_EQ(find_site(settings, through_gate(request, settings)), &site) << host;
    request.origin = site.origin + ":444";
    EXPECT_EQ(find_site(settings, through_gate(request, settings)), nullptr) << host;
  }
}

TEST(Origins, AreNotGuessedFromHostForOtherMethodsOrSites) {
  struct Case {
    std::string method;
    std::optional<std::string> sec_fetch_site;
    bool found;
  };
  for (const Case& c : std::vector<Case>{{"GET", std::nullopt, true},
                                         {"HEAD", std::nullopt, true},
                                         {"GET", "same-origin", true},
                                         {"GET", "same-site", false},
                                         {"GET", "cross-site", false},
                                         {"GET", "none", false},
                                         {"GET", "Same-Origin", false},
                                         {"GET", "", false},
                                         {"POST", std::nullopt, false},
                                         {"POST", "same-origin", false},
                                         {"DELETE", "same-origin", false},
                                         {"get", "same-origin", false}}) {
    Request request = make_get("good.example");
    request.method = c.method;
    request.sec_fetch_site = c.sec_fetch_site;
    EXPECT_EQ(origin_found(request) != "", c.found) << c.method << c.sec_fetch_site.value_or("-");
  }
}

TEST(Origins, SameSiteIsSecFetchSiteOrElseTheHost) {
  struct Case {
    std::optional<std::string> sec_fetch_site;
    std::string host;
    bool same;
  };
  const Site site = make_page("https://good.example");
  for (const Case& c : std::vector<Case>{{"same-origin", "proxy.example", true},
                                         {"same-site", "proxy.example", true},
                                         {"cross-site", "good.example", false},
                                         {"none", "good.example", false},
                                         {std::nullopt, "good.example", true},
                                         {std::nullopt, "good.example:443", true},
                                         {std::nullopt, "proxy.example", false}}) {
    Request request = make_get(c.host);
    request.sec_fetch_site = c.sec_fetch_site;
    EXPECT_EQ(is_same_site(site, request), c.same) << c.sec_fetch_site.value_or("-") << c.host;
  }
}

TEST(Origins, LoopbackIsThreeNamesAndNothingThatLooksLikeThem) {
  for (const std::string_view yes : {"http://localhost", "http://127.0.0.1:8080/a?b#c",
                                     "https://[::1]:8443/", "http://localhost?x"}) {
    EXPECT_TRUE(is_loopback_url(yes)) << yes;
  }
  for (const std::string_view no :
       {"http://localhost.evil.example", "http://127.0.0.1.evil.example", "http://127.0.0.2",
        "http://localhost@evil.example", "http://localhost:80@evil.example", "http://[::1",
        "http://[::1]x", "http://LOCALHOST", "ftp://localhost", "localhost", "http://localhost.",
        "http://localhost\\@evil.example", "http://[::1].evil.example", "http://localhost:",
        "http://evil.example/localhost", "http://evil.example#@localhost", ""}) {
    EXPECT_FALSE(is_loopback_url(no)) << no;
  }
}

}  // namespace
}  // namespace portero
