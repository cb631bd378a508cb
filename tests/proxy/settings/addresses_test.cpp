// Addresses as operators write them: which part is wrong, and what to write instead.
#include "tests/proxy/settings/operator.h"

namespace portero {
namespace {

struct Address {
  std::string written;
  std::string wrong;  // which part
  std::string right;  // what to write
};

/// One mistake about `key`, which says both.
void expect_explained(const std::string& key, const Address& c, const Findings& findings) {
  const std::string said = joined(findings.mistakes);
  EXPECT_EQ(findings.mistakes.size(), 1U) << c.written << "\n" << said;
  EXPECT_TRUE(said.starts_with(key + ": ")) << c.written << "\n" << said;
  EXPECT_NE(said.find(c.wrong), std::string::npos) << c.written << " lacks " << c.wrong << "\n"
                                                   << said;
  EXPECT_NE(said.find(c.right + "\n"), std::string::npos)
      << c.written << " lacks " << c.right << "\n"
      << said;
}

const std::vector<Address> kWrongHosts = {
    {"https://Login.example", "capital letters in its host", "write https://login.example"},
    {"HTTPS://login.example", "capital letters in its scheme", "write https://login.example"},
    {"https://login.example:443", "the default port", "write https://login.example"},
    {"https://login.example:0443", "a port with a leading zero", "write https://login.example"},
    {"https://login.example:", "a colon without a port", "write https://login.example"},
    {"https://login.example:https", "a port that is no number", "write one from 1 to 65535"},
    {"https://login.example:70000", "a port that is no number", "write one from 1 to 65535"},
    {"https://m\xC3\xBCnchen.example", "a host with characters beyond ASCII",
     "`new URL(ADDRESS).host` in a browser's console says it"},
    {"https://login.example?x=1", "a query", "write https://login.example"},
    {"https://login.example#top", "a fragment", "write https://login.example"},
    {"https://ada@login.example", "a user name", "write https://login.example"},
    {"http://login.example", "is http", "write https://login.example"},
    {"http://login.example:80", "is http", "write https://login.example"},
    {"login.example", "no scheme", "write https://login.example"},
    {"//login.example", "no scheme", "write https://login.example"},
    {"login.example:8443", "no scheme", "write https://login.example:8443"},
    {"localhost:8080", "no scheme", "write http://localhost:8080"},
    {"https:/login.example", "less than two slashes", "write https://login.example"},
    {"https:login.example", "less than two slashes", "write https://login.example"},
    {"ftp://login.example", "a scheme that is not https", "write https://login.example"},
    {"https:\\\\login.example", "a backslash", "write https://login.example"},
    {" https://login.example ", "a blank before or behind it", "write https://login.example"},
    {"https://login.example.", "a dot at the end of its host", "write https://login.example"},
    {"https://*.example", "a wildcard in its host", "write each host by itself, https://HOST"},
    {"https://", "no host", "write https://HOST"},
    {"http://[0:0:0:0:0:0:0:1]:8080", "an IPv6 address that is not in its shortest form",
     "write http://[::1]:8080"},
    {"http://::1:8080", "an IPv6 address without brackets", "write [ADDRESS]"},
    {"https://127.1", "a host that no browser would call", "write https://HOST"},
    {"HTTP://ADA@Login.example:443?x#y",
     "is http and has capital letters in its scheme, a user name, capital letters in its host, "
     "the default port, a fragment and a query",
     "write https://login.example"}};

TEST(Addresses, PublicUrlSaysWhichPartIsWrongAndWhatToWrite) {
  for (const Address& c : kWrongHosts) {
    expect_explained("public_url", c, read_with({{"PORTERO_PUBLIC_URL", c.written}}).findings);
  }
  for (const Address& c : std::vector<Address>{
           {"https://Login.example/auth", "capital letters", "write https://login.example/auth"},
           {"https://login.example/a b", "a blank or a character beyond ASCII in its path",
            "write https://login.example/a%20b"},
           {"https://login.example/\xC3\xBC?x", "a query", "write https://login.example/%C3%BC"}}) {
    expect_explained("public_url", c, read_with({{"PORTERO_PUBLIC_URL", c.written}}).findings);
  }
}

TEST(Addresses, GithubsSayWhichPartIsWrongAndWhatToWrite) {
  for (const Address& c : kWrongHosts) {
    expect_explained("github.url", c, read_with({{"PORTERO_GITHUB_URL", c.written}}).findings);
    expect_explained("github.api_url", c,
                     read_with({{"PORTERO_GITHUB_API_URL", c.written}}).findings);
    expect_explained("github.issuer", c,
                     read_with({{"PORTERO_GITHUB_ISSUER", c.written}}).findings);
  }
  const Address path = {"https://github.com/login", "a path", "write https://github.com"};
  expect_explained("github.url", path, read_with({{"PORTERO_GITHUB_URL", path.written}}).findings);
}

TEST(Addresses, AForwardProxysHasAPortAndNoPassword) {
  for (const Address& c : std::vector<Address>{
           {"proxy.example:3128", "no scheme", "write http://proxy.example:3128"},
           {"http://Proxy.example:3128", "capital letters in its host",
            "write http://proxy.example:3128"},
           {"http://proxy.example", "no port", "write http://HOST:PORT"},
           {"https://proxy.example", "no port", "write http://HOST:PORT"},
           {"socks5://proxy.example:1080", "a scheme that is neither http nor https",
            "write http://proxy.example:1080"},
           {"http://proxy.example:3128/path", "a path", "write http://proxy.example:3128"},
           {"http://proxy.example:3128?x", "a query", "write http://proxy.example:3128"},
           {"http://ada:canary@proxy.example:3128", "a user name",
            "write http://proxy.example:3128, and put user:password into a file of its own, mode "
            "0600, named in github.proxy_credentials_file"}}) {
    const Findings findings = read_with({{"PORTERO_GITHUB_PROXY", c.written}}).findings;
    expect_explained("github.proxy", c, findings);
    EXPECT_EQ(joined(findings.mistakes).find("canary"), std::string::npos);
  }
  for (const char* good : {"http://proxy.example:3128", "https://proxy.example:443/",
                           "http://proxy.example:80", "http://[2001:db8::1]:3128"}) {
    EXPECT_EQ(joined(read_with({{"PORTERO_GITHUB_PROXY", good}}).findings.mistakes), "") << good;
  }
}

TEST(Addresses, AForwardProxysCredentialsAreAFileOfTheirOwn) {
  struct Case {
    std::string text;
    mode_t mode;
    std::string wrong;  // empty: good
  };
  for (const Case& c : std::vector<Case>{{"ada:canary\n", 0600, ""},
                                         {"ada:canary:with colons and blanks", 0640, ""},
                                         {"canary", 0600, "holds no user:password"},
                                         {":canary", 0600, "holds no user:password"},
                                         {"", 0600, "holds no user:password"},
                                         {"ada\ncanary", 0600, "more than one line"},
                                         {"http://ada:canary@proxy", 0600, "holds an address"},
                                         {"\"ada:canary\"", 0600, "quotation marks"},
                                         {"ada:canary", 0644, "others may read"}}) {
    const Directory directory;
    Environment environment = make_environment(directory);
    environment["PORTERO_GITHUB_PROXY"] = "http://proxy.example:3128";
    environment["PORTERO_GITHUB_PROXY_CREDENTIALS_FILE"] = directory.write("c", c.text, c.mode);
    const ReadSettings read = read_settings({{}, environment, {}});
    const std::string said = joined(read.findings.mistakes);
    EXPECT_EQ(read.findings.mistakes.size(), c.wrong.empty() ? 0U : 1U) << c.text << said;
    EXPECT_NE(said.find(c.wrong), std::string::npos) << c.text << said;
    EXPECT_EQ(said.find("canary"), std::string::npos) << said;
    EXPECT_EQ(read.secret_files.size(), 2U);
    environment.erase("PORTERO_GITHUB_PROXY");
    const ReadSettings unused = read_settings({{}, environment, {}});
    EXPECT_EQ(has(unused.findings.warnings, "github.proxy_credentials_file: is not used"),
              !read.settings.github.proxy_credentials.empty());
  }
}

TEST(Addresses, MayEndInASlashWhereAPathMayFollow) {
  const ReadSettings read =
      read_with({{"PORTERO_PUBLIC_URL", "https://login.example/"},
                 {"PORTERO_GITHUB_URL", "https://git.example/"},
                 {"PORTERO_GITHUB_API_URL", "https://git.example/api/v3/"},
                 {"PORTERO_GITHUB_ISSUER", "https://git.example/login/oauth/"}});
  EXPECT_EQ(joined(read.findings.mistakes), "");
  EXPECT_EQ(read.settings.public_url, "https://login.example");
  EXPECT_EQ(read.settings.github.url, "https://git.example");
  EXPECT_EQ(read.settings.github.api_url, "https://git.example/api/v3");
  EXPECT_EQ(read.settings.github.issuer, "https://git.example/login/oauth");
}

Findings read_site(const std::string& origin, const std::string& redirect_uri) {
  return read_with({{"PORTERO_ORIGINS",
                     R"({")" + origin + R"(": {"redirect_uri": ")" + redirect_uri + R"("}})"}})
      .findings;
}

TEST(Addresses, OriginsSayWhichPartIsWrongAndWhatToWrite) {
  for (const Address& c : kWrongHosts) {
    if (c.written.find('\\') != std::string::npos) continue;  // JSON's own
    const std::string shown = c.written.find('@') == std::string::npos
                                  ? c.written
                                  : c.written.substr(0, c.written.find("//") + 2) + "…" +
                                        c.written.substr(c.written.find('@'));
    expect_explained(
        "origins[" + shown + "]", c,
        read_site(c.written, c.written.substr(0, c.written.find_first_of("?#")) + "/"));
  }
  for (const Address& c : std::vector<Address>{
           {"https://page.example/", "a slash at its end", "write https://page.example"},
           {"https://page.example/app/", "a path", "write https://page.example"},
           {"null", "no scheme", "write https://HOST"},
           {"*", "a wildcard", "write each host by itself, https://HOST"},
           {"page", "no scheme", "write https://HOST"}}) {
    expect_explained("origins[" + c.written + "]", c, read_site(c.written, c.written + "/"));
  }
}

TEST(Addresses, ARedirectUriSaysWhichPartIsWrongAndWhatToWrite) {
  const std::string key = "origins[https://page.example].redirect_uri";
  for (const Address& c : std::vector<Address>{
           {"https://page.example", "has no path", "write https://page.example/"},
           {"https://Page.example/app/", "capital letters in its host",
            "write https://page.example/app/"},
           {"https://page.example:443/app/", "the default port", "write https://page.example/app/"},
           {"http://page.example/app/", "is http", "write https://page.example/app/"},
           {"page.example/app/", "no scheme", "write https://page.example/app/"},
           {"https://page.example/app/#top", "a fragment", "write https://page.example/app/"},
           {"https://page.example/a b/", "a blank or a character beyond ASCII in its path",
            "write https://page.example/a%20b/"},
           {"https://page.example/\xC3\xBC/", "a blank or a character beyond ASCII in its path",
            "write https://page.example/%C3%BC/"},
           {"https://page.example/a\\\\b", "a backslash", "write https://page.example/a/b"},
           {"https://me:pw@page.example/", "a user name", "write https://page.example/"},
           {"https://www.page.example/", "does not start with its origin",
            "write an address that starts with https://page.example/"},
           {"https://page.example.evil.example/", "does not start with its origin",
            "write an address that starts with https://page.example/"},
           {"/app/", "no scheme", "write an address that starts with https://page.example/"}}) {
    expect_explained(key, c, read_site("https://page.example", c.written));
  }
  for (const char* good :
       {"https://page.example/", "https://page.example/app/?a=b", "https://page.example/a.html"}) {
    EXPECT_EQ(joined(read_site("https://page.example", good).mistakes), "") << good;
  }
}

TEST(Addresses, ARedirectUriThatNamesTheFolderSFileIsAWarning) {
  for (const auto& [written, better] :
       {std::pair{"https://page.example/index.html", "https://page.example/"},
        std::pair{"https://page.example/app/index.html?a=b", "https://page.example/app/?a=b"}}) {
    const Findings findings = read_site("https://page.example", written);
    EXPECT_EQ(joined(findings.mistakes), "") << written;
    EXPECT_NE(joined(findings.warnings).find("write " + std::string(better) + " and register"),
              std::string::npos)
        << joined(findings.warnings);
  }
  for (const char* good : {"https://page.example/", "https://page.example/myindex.html"}) {
    EXPECT_EQ(joined(read_site("https://page.example", good).warnings), "") << good;
  }
}

TEST(Addresses, AnOriginAndItsRedirectUriAreToldTogether) {
  const Findings findings = read_site("https://Page.example/", "http://page.example/app/#x");
  EXPECT_EQ(
      joined(findings.mistakes),
      "origins[https://Page.example/]: has capital letters in its host and a slash at its end; "
      "write https://page.example\n"
      "origins[https://Page.example/].redirect_uri: is http and has a fragment; "
      "write https://page.example/app/\n");
}

TEST(Addresses, NoPasswordInOneIsRepeated) {
  const std::string wrong = "https://ada:canary@login.example";
  for (const Findings& findings :
       {read_with({{"PORTERO_PUBLIC_URL", wrong},
                   {"PORTERO_GITHUB_URL", wrong},
                   {"PORTERO_ORIGINS", wrong + "/x"}})
            .findings,
        read_site(wrong, wrong + "/"),
        read_with({{"PORTERO_ORIGINS", R"({")" + wrong + R"(": {"a": 1, "a": 2, "scope": 3}, ")" +
                                           wrong + R"(": 3})"}})
            .findings}) {
    EXPECT_FALSE(findings.mistakes.empty());
    EXPECT_EQ(joined(findings.mistakes).find("canary"), std::string::npos)
        << joined(findings.mistakes);
  }
}

}  // namespace
}  // namespace portero
