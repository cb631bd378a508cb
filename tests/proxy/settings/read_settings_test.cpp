#include "proxy/settings/read_settings.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "proxy/session/cookies.h"
#include "proxy/settings/environment.h"
#include "tests/proxy/settings/operator.h"

namespace portero {
namespace {

TEST(Settings, AreGoodFromTheEnvironmentAlone) {
  const ReadSettings read = read_with({});
  EXPECT_EQ(joined(read.findings.mistakes), "");
  EXPECT_EQ(joined(read.findings.warnings), "");
  ASSERT_EQ(read.settings.sites.size(), 1U);
  std::vector<Site> sites = read.settings.sites;
  EXPECT_TRUE(name_cookies(sites));
  const Site& site = sites[0];
  EXPECT_EQ(site.origin, "https://page.example");
  EXPECT_EQ(site.redirect_uri, "https://page.example/app/");
  EXPECT_EQ(site.client_id, "Iv1.abc");
  EXPECT_EQ(site.client_secret.reveal(), kSecretText);  // the newline is cut
  EXPECT_FALSE(site.insecure_cookie);
  EXPECT_TRUE(site.cookie_name.starts_with("__Host-Http-portero-")) << site.cookie_name;
}

TEST(Settings, OneWrongFileGetsOneCompleteList) {
  const Directory directory;
  const std::string open_secret = directory.write("open", "s3cret", 0644);
  const std::string file = directory.write("portero.json", R"({
    "client_id": 12,
    "client_secret": "tell-nobody",
    "client_secret_file": ")" + open_secret + R"(",
    "lissten": "127.0.0.1:1",
    "listen": "everywhere",
    "session": {"lifetime": "a week", "idel": 3},
    "log": {"level": "loud", "format": "json", "format": "human"},
    "limits": {"body": "4096", "queue": 0},
    "github": {"url": "http://github.example", "require_issuer": "yes"},
    "public_url": "http://login.example",
    "static_dir": "/nowhere/at/all",
    "trusted_proxies": "10.0.0.0/8",
    "internal_listen": "everywhere",
    "origins": {
      "https://page.example/": {"redirect_uri": "https://page.example/"},
      "http://plain.example": {"redirect_uri": "http://plain.example/"},
      "https://two.example": {"redirect_uri": "https://two.example.evil.example/"},
      "https://three.example": {"redirect": "https://three.example/"},
      "https://four.example": {"redirect_uri": "https://four.example/", "client_id": "other"},
      "http://localhost:8443": {"redirect_uri": "http://localhost:8443/"},
      "https://localhost:8443": {"redirect_uri": "https://localhost:8443/"}
    }
  })");
  const ReadSettings read = read_settings({.file = file, .environment = {}, .flags = {}});
  for (const char* begin :
       {"client_id: is not text; ",
        "client_secret: does not belong in a settings file; ",
        "client_secret_file: others may read ",
        "lissten: is not a setting (did you mean `listen`?); ",
        "listen: is not an address and port; ",
        "session.lifetime: is not a duration",
        "session.idel: is not a setting (did you mean `session.idle`?); ",
        "log.level: must be one of debug, info, warning, error; write one of them",
        "log.format: is written twice, at line ",
        "limits.body: is not a number in its range; ",
        "limits.queue: is not a number in its range; ",
        "github.url: is http; write https://github.example",
        "github.require_issuer: is neither true nor false; ",
        "public_url: is http; write https://login.example",
        "static_dir: is not a directory: /nowhere/at/all; ",
        "trusted_proxies: is not a list of addresses; ",
        "internal_listen: is not an address and port; ",
        "origins[https://page.example/]: has a slash at its end; write https://page.example",
        "origins[http://plain.example]: is http; ",
        "origins[https://two.example].redirect_uri: does not start with its origin; ",
        "origins[https://three.example].redirect: is not a setting of an origin",
        "origins[https://four.example].client_secret_file: is missing beside an own client_id; ",
        "origins[https://localhost:8443]: has the same host and port as http://localhost:8443; ",
        "session_keys_file: is missing; "}) {
    EXPECT_TRUE(has(read.findings.mistakes, begin)) << begin;
  }
  EXPECT_EQ(read.findings.mistakes.size(), 25U) << joined(read.findings.mistakes);
  for (const Problem& mistake : read.findings.mistakes) {
    EXPECT_NE(mistake.fix, "") << "what to write is missing: " << mistake.text();
  }
  EXPECT_EQ(joined(read.findings.mistakes).find("tell-nobody"), std::string::npos);
  EXPECT_EQ(joined(read.findings.mistakes).find("s3cret"), std::string::npos);
}

TEST(Settings, NothingAtAllIsToldWhatIsNeeded) {
  const ReadSettings read = read_settings({});
  EXPECT_TRUE(has(read.findings.mistakes, "origins: is missing; "));
  EXPECT_TRUE(has(read.findings.mistakes, "client_id: is missing; "));
  EXPECT_TRUE(has(read.findings.mistakes, "client_secret_file: is missing"));
  EXPECT_TRUE(has(read.findings.mistakes, "session_keys_file: is missing; "));
}

TEST(Settings, AFlagIsStrongerThanTheEnvironmentAndThatThanTheFile) {
  const Directory directory;
  const std::string file = directory.write(
      "portero.json",
      R"({"listen": "127.0.0.1:1", "log": {"level": "error", "format": "json"}, "scope": "file"})");
  Environment environment = make_environment(directory);
  environment["PORTERO_LISTEN"] = "127.0.0.1:2";
  environment["PORTERO_LOG_LEVEL"] = "warning";
  const ReadSettings read = read_settings(
      {.file = file, .environment = environment, .flags = {{"listen", "127.0.0.1:3"}}});
  EXPECT_EQ(joined(read.findings.mistakes), "");
  EXPECT_EQ(read.settings.listen, "127.0.0.1:3");
  EXPECT_EQ(read.settings.log.level, "warning");
  EXPECT_EQ(read.settings.log.format, "json");
  EXPECT_EQ(read.settings.sites.at(0).scope, "file");
  EXPECT_EQ(read.settings.limits.body, 4096U);
}

TEST(Settings, PortMeansEveryAddressUnlessListenIsSet) {
  EXPECT_EQ(read_with({{"PORT", "9000"}}).settings.listen, "0.0.0.0:9000");
  EXPECT_EQ(read_with({{"PORT", "9000"}, {"PORTERO_LISTEN", "[::1]:1"}}).settings.listen,
            "[::1]:1");
  EXPECT_TRUE(has(read_with({{"PORT", "tcp"}}).findings.mistakes, "listen: "));
}

TEST(Settings, EachTextIsGoodOrToldWhy) {
  struct Case {
    const char* variable;
    const char* value;
    const char* mistake;  // its beginning; empty: good
  };
  for (const Case& c : std::vector<Case>{
           {"PORTERO_LISTEN", "127.0.0.1:0", ""},
           {"PORTERO_LISTEN", "unix:/run/portero.sock", ""},
           {"PORTERO_LISTEN", "unix:portero.sock", "listen: "},
           {"PORTERO_LISTEN", "127.0.0.1", "listen: "},
           {"PORTERO_LISTEN", "127.0.0.1:65536", "listen: "},
           {"PORTERO_LISTEN", "127.0.0.1:-1", "listen: "},
           {"PORTERO_LISTEN", ":8080", "listen: "},
           {"PORTERO_LISTEN", "::1:8080", "listen: "},
           {"PORTERO_INTERNAL_LISTEN", "127.0.0.1:9090", ""},
           {"PORTERO_INTERNAL_LISTEN", "unix:/run/portero-internal.sock", ""},
           {"PORTERO_INTERNAL_LISTEN", "9090", "internal_listen: is not an address"},
           {"PORTERO_INTERNAL_LISTEN", "127.0.0.1:8080", "internal_listen: is the same as listen"},
           {"PORTERO_TRUSTED_PROXIES", "10.0.0.0/8, 2001:db8::/32,unix 192.0.2.1", ""},
           {"PORTERO_TRUSTED_PROXIES", "10.0.0.0/8 nginx",
            "trusted_proxies: has no address or net as entry 2"},
           {"PORTERO_TRUSTED_PROXIES", "0.0.0.0/0",
            "trusted_proxies: has no address or net as entry 1"},
           {"PORTERO_LIMITS_CONNECTIONS_PER_ADDRESS", "0", "limits.connections_per_address: "},
           {"PORTERO_LIMITS_LOGINS_PER_ADDRESS", "0", "limits.logins_per_address: "},
           {"PORTERO_LIMITS_LOGINS_PER_ADDRESS_MINUTE", "30/m",
            "limits.logins_per_address_minute: "},
           {"PORTERO_LIMITS_LOGINS_PER_HOUR", "5000", ""},
           {"PORTERO_LIMITS_LOGINS_PER_HOUR", "3", "limits.logins_per_hour: "},
           {"PORTERO_SCOPE", "user:email read:org", ""},
           {"PORTERO_SCOPE", "user:email,read:org", "scope: "},
           {"PORTERO_SCOPE", "user  repo", "scope: "},
           {"PORTERO_CLIENT_ID", "Iv1 abc", "client_id: "},
           {"PORTERO_SESSION_LIFETIME", "12h", ""},
           {"PORTERO_SESSION_LIFETIME", "3600", ""},
           {"PORTERO_SESSION_LIFETIME", "1s", "session.lifetime: "},
           {"PORTERO_SESSION_LIFETIME", "91d", "session.lifetime: "},
           {"PORTERO_SESSION_LIFETIME", "-5", "session.lifetime: "},
           {"PORTERO_SESSION_LIFETIME", "99999999999999999999d", "session.lifetime: "},
           {"PORTERO_SESSION_IDLE", "1h", ""},
           {"PORTERO_SESSION_IDLE", "7d", "session.idle: "},
           {"PORTERO_LIMITS_REQUEST_TIME", "1500ms", ""},
           {"PORTERO_LIMITS_REQUEST_TIME", "10ms", "limits.request_time: "},
           {"PORTERO_LIMITS_BODY", "8192", ""},
           {"PORTERO_LIMITS_BODY", "8k", "limits.body: "},
           {"PORTERO_LIMITS_BODY", "0x1000", "limits.body: "},
           {"PORTERO_GITHUB_REQUIRE_ISSUER", "true", ""},
           {"PORTERO_GITHUB_REQUIRE_ISSUER", "1", "github.require_issuer: "},
           {"PORTERO_GITHUB_URL", "http://127.0.0.1:9000", ""},
           {"PORTERO_GITHUB_URL", "http://127.0.0.1.evil.example", "github.url: "},
           {"PORTERO_GITHUB_URL", "https://user@github.example", "github.url: "},
           {"PORTERO_GITHUB_URL", "https://github.example/path", "github.url: "},
           {"PORTERO_GITHUB_API_URL", "https://github.example/api/v3", ""},
           {"PORTERO_GITHUB_API_URL", "ftp://github.example", "github.api_url: "},
           {"PORTERO_GITHUB_CA_FILE", "/nowhere.pem", "github.ca_file: "},
           {"PORTERO_PUBLIC_URL", "https://login.example/auth/", ""},
           {"PORTERO_PUBLIC_URL", "https://login.example?x", "public_url: "},
           {"PORTERO_LISTTEN", "x", "PORTERO_LISTTEN: is not a setting (did you mean"},
           {"PORTERO_SETTINGS", "/nowhere.json", "/nowhere.json: cannot be read"},
           {"PORTERO_ORIGINS", "{", "PORTERO_ORIGINS: is not valid JSON"},
           {"PORTERO_ORIGINS", "https://a.example https://b.example/x", ""},
           {"PORTERO_ORIGINS", R"({"http://[::1]:80/": {}})", "origins[http://[::1]:80/]: "},
           {"PORTERO_ORIGINS", "*", "origins[*]: "},
           {"PORTERO_ORIGINS", "https://*.example/", "origins[https://*.example]: "},
           {"PORTERO_ORIGINS", "null", "origins[null]: "}}) {
    const ReadSettings read = read_with({{c.variable, c.value}});
    const std::string what = std::string(c.variable) + "=" + c.value;
    if (*c.mistake == '\0') {
      EXPECT_EQ(joined(read.findings.mistakes), "") << what;
    } else {
      EXPECT_TRUE(has(read.findings.mistakes, c.mistake)) << what << "\n"
                                                          << joined(read.findings.mistakes);
    }
  }
}

TEST(Settings, TrustedProxiesAreAList) {
  struct Case {
    const char* json;
    const char* means;
    std::size_t mistakes;
  };
  for (const Case& c :
       std::vector<Case>{{R"({})", "127.0.0.0/8 ::1 unix", 0},
                         {R"({"trusted_proxies": []})", "", 0},
                         {R"({"trusted_proxies": ["10.0.0.0/8", "unix"]})", "10.0.0.0/8 unix", 0},
                         {R"({"trusted_proxies": ["10.0.0.0/8", "nginx", "0.0.0.0/0", "::1"]})",
                          "10.0.0.0/8 ::1", 2},
                         {R"({"trusted_proxies": ["10.0.0.0/8 ::1"]})", "127.0.0.0/8 ::1 unix", 1},
                         {R"({"trusted_proxies": [""]})", "127.0.0.0/8 ::1 unix", 1},
                         {R"({"trusted_proxies": [1]})", "127.0.0.0/8 ::1 unix", 1},
                         {R"({"trusted_proxies": "unix"})", "127.0.0.0/8 ::1 unix", 1},
                         {R"({"trusted_proxies": {}})", "127.0.0.0/8 ::1 unix", 1},
                         {R"({"scope": ["user:email"]})", "127.0.0.0/8 ::1 unix", 1}}) {
    const Directory directory;
    const std::string file = directory.write("portero.json", c.json);
    const ReadSettings read =
        read_settings({.file = file, .environment = make_environment(directory), .flags = {}});
    EXPECT_EQ(read.settings.trusted_proxies.text(), c.means) << c.json;
    EXPECT_EQ(read.findings.mistakes.size(), c.mistakes) << joined(read.findings.mistakes);
  }
  EXPECT_EQ(read_with({{"PORTERO_TRUSTED_PROXIES", " unix,, 10.0.0.0/8 "}})
                .settings.trusted_proxies.text(),
            "10.0.0.0/8 unix");
}

TEST(Settings, SessionsEndAtPointsInTimeThatHaveCome) {
  struct Case {
    const char* json;
    std::int64_t everybody;
    std::size_t people;
    std::size_t mistakes;
  };
  for (const Case& c : std::vector<Case>{
           {R"({})", 0, 0, 0},
           {R"({"session": {"not_before": "2026-01-01T00:00:00Z"}})", 1767225600, 0, 0},
           {R"({"session": {"not_before": 1767225600}})", 1767225600, 0, 0},
           {R"({"session": {"not_before": "9999-01-01T00:00:00Z"}})", 253370764800, 0, 1},
           {R"({"session": {"not_before": "yesterday"}})", 0, 0, 1},
           {R"({"session": {"not_before": true}})", 0, 0, 1},
           {R"({"session": {"not_before": [1]}})", 0, 0, 1},
           {R"({"session": {"subjects_not_before": []}})", 0, 0, 0},
           {R"({"session": {"subjects_not_before": ["1=5", "2=2026-01-01T00:00:00Z"]}})", 0, 2, 0},
           {R"({"session": {"subjects_not_before": ["1=5", "1=6", "octocat=5"]}})", 0, 1, 2},
           {R"({"session": {"subjects_not_before": ["1=9999-01-01T00:00:00Z"]}})", 0, 1, 1},
           {R"({"session": {"subjects_not_before": "1=5"}})", 0, 0, 1},
           {R"({"session": {"subjects_not_before": {"1": 5}}})", 0, 0, 1}}) {
    const Directory directory;
    const std::string file = directory.write("portero.json", c.json);
    const ReadSettings read =
        read_settings({.file = file, .environment = make_environment(directory), .flags = {}});
    const SessionSettings& session = read.settings.session;
    EXPECT_EQ(session.not_before.time_since_epoch().count(), c.everybody) << c.json;
    EXPECT_EQ(session.subjects_not_before.size(), c.people) << c.json;
    EXPECT_EQ(read.findings.mistakes.size(), c.mistakes) << joined(read.findings.mistakes);
  }
  const SessionSettings session = read_with({{"PORTERO_SESSION_NOT_BEFORE", "2026-01-01T00:00:00Z"},
                                             {"PORTERO_SESSION_SUBJECTS_NOT_BEFORE", "1=5, 2=6"}})
                                      .settings.session;
  EXPECT_EQ(session.not_before.time_since_epoch().count(), 1767225600);
  EXPECT_EQ(session.subjects_not_before.size(), 2U);
}

TEST(Settings, AVariableOfAnOrchestratorIsOnlyAWarning) {
  const ReadSettings read = read_with({{"PORTERO_SERVICE_HOST", "10.0.0.1"}});
  EXPECT_EQ(joined(read.findings.mistakes), "");
  EXPECT_TRUE(has(read.findings.warnings, "PORTERO_SERVICE_HOST: "));
}

TEST(Settings, GitHubsOtherAddressesFollowFromItsUrl) {
  struct Case {
    const char *url, *api_url, *issuer;
  };
  for (const Case& c : std::vector<Case>{
           {"https://github.com", "https://api.github.com", "https://github.com/login/oauth"},
           {"https://github.com/", "https://api.github.com", "https://github.com/login/oauth"},
           {"https://octo.ghe.com", "https://api.octo.ghe.com", "https://octo.ghe.com/login/oauth"},
           {"https://git.example", "https://git.example/api/v3",
            "https://git.example/login/oauth"}}) {
    const GithubSettings github = read_with({{"PORTERO_GITHUB_URL", c.url}}).settings.github;
    EXPECT_EQ(github.api_url, c.api_url) << c.url;
    EXPECT_EQ(github.issuer, c.issuer) << c.url;
  }
}

TEST(Settings, AnOriginMayHaveItsOwnApp) {
  const Directory directory;
  const std::string other = directory.write("other", "another-secret", 0640);
  Environment environment = make_environment(directory);
  environment["PORTERO_ORIGINS"] =
      R"({"https://a.example": {"redirect_uri": "https://a.example/"},
          "https://b.example": {"redirect_uri": "https://b.example/", "client_id": "other",
                                "scope": "repo", "client_secret_file": ")" +
      other + R"("}})";
  const ReadSettings read = read_settings({.file = {}, .environment = environment, .flags = {}});
  EXPECT_EQ(joined(read.findings.mistakes), "");
  ASSERT_EQ(read.settings.sites.size(), 2U);
  EXPECT_EQ(read.settings.sites[0].client_secret.reveal(), kSecretText);
  EXPECT_EQ(read.settings.sites[1].client_id, "other");
  EXPECT_EQ(read.settings.sites[1].scope, "repo");
  EXPECT_EQ(read.settings.sites[1].client_secret.reveal(), "another-secret");
  EXPECT_EQ(read.secret_files.size(), 2U);
}

TEST(Settings, HavePagesInTheOrderOfTheirOriginsHoweverTheyAreWritten) {
  const Directory directory;
  Environment environment = make_environment(directory);
  environment["PORTERO_ORIGINS"] =
      "https://b.example/ http://localhost/ https://a.example/ https://a.example:8443/";
  const ReadSettings read = read_settings({.file = {}, .environment = environment, .flags = {}});
  std::vector<std::string> origins;
  for (const Site& site : read.settings.sites) origins.push_back(site.origin);
  EXPECT_EQ(origins, (std::vector<std::string>{"http://localhost", "https://a.example",
                                               "https://a.example:8443", "https://b.example"}));
}

TEST(Settings, AnOriginMaySignInFromAnotherSiteUnlessItSaysNo) {
  const Directory directory;
  Environment environment = make_environment(directory);
  const auto read_with_value = [&](const std::string& value) {
    environment["PORTERO_ORIGINS"] =
        R"({"https://a.example": {"redirect_uri": "https://a.example/")" +
        (value.empty() ? "" : R"(, "cross_site": )" + value) + "}}";
    return read_settings({.file = {}, .environment = environment, .flags = {}});
  };
  EXPECT_TRUE(read_with_value("").settings.sites.at(0).cross_site);
  EXPECT_TRUE(read_with_value("true").settings.sites.at(0).cross_site);
  EXPECT_FALSE(read_with_value("false").settings.sites.at(0).cross_site);
  for (const std::string wrong : {"\"false\"", "0", "null", "[]", "\"\""}) {
    EXPECT_EQ(joined(read_with_value(wrong).findings.mistakes),
              "origins[https://a.example].cross_site: is neither true nor false; write one of the "
              "two, without quotes\n")
        << wrong;
  }
}

TEST(SecretFile, IsRefusedWhenOthersMayReadItUnlessThePlatformMadeIt) {
  struct Case {
    mode_t mode;
    bool good;
  };
  for (const Case& c : std::vector<Case>{
           {0400, true}, {0600, true}, {0640, true}, {0604, false}, {0660, false}, {0601, false}}) {
    const Directory directory;
    const std::string file = directory.write("s", "x", c.mode);
    Environment environment = make_environment(directory);
    environment["PORTERO_CLIENT_SECRET_FILE"] = file;
    EXPECT_EQ(read_settings({{}, environment, {}}).findings.mistakes.empty(), c.good) << c.mode;
    environment["CREDENTIALS_DIRECTORY"] = directory.path("");
    const ReadSettings read = read_settings({{}, environment, {}});
    EXPECT_EQ(joined(read.findings.mistakes), "") << c.mode;
    EXPECT_EQ(read.findings.warnings.empty(), c.good) << c.mode;
  }
}

/// What `$CREDENTIALS_DIRECTORY` is, against what names the secret.
TEST(SecretFile, IsThePlatformsHoweverItIsNamed) {
  const Directory directory;
  directory.write("s", "x", 0644);
  const std::string elsewhere = directory.write("elsewhere", "x", 0644);
  std::filesystem::create_directory(directory.path("real"));
  directory.write("real/s", "x", 0644);
  std::filesystem::create_directory_symlink("real", directory.path("linked"));
  std::filesystem::create_symlink("real/s", directory.path("link"));
  std::filesystem::create_symlink("../elsewhere", directory.path("real/out"));
  const auto relative = [](const std::string& path) {
    return std::filesystem::relative(path).string();
  };
  struct Case {
    std::string credentials;
    std::string file;
    bool is_platforms;
  };
  for (const Case& c :
       std::vector<Case>{{directory.path("real"), directory.path("real/s"), true},
                         {directory.path("real"), relative(directory.path("real/s")), true},
                         {relative(directory.path("real")), directory.path("real/s"), true},
                         {directory.path("real"), directory.path("linked/s"), true},
                         {directory.path("linked"), directory.path("real/s"), true},
                         {directory.path("real"), directory.path("link"), true},
                         {directory.path("real"), directory.path("linked/../real/./s"), true},
                         {directory.path("real"), directory.path("real/out"), false},
                         {directory.path("real"), directory.path("real/../elsewhere"), false},
                         {directory.path("rea"), directory.path("real/s"), false},
                         {"", directory.path("real/s"), false}}) {
    Environment environment = make_environment(directory);
    environment["PORTERO_CLIENT_SECRET_FILE"] = c.file;
    environment["CREDENTIALS_DIRECTORY"] = c.credentials;
    const ReadSettings read = read_settings({{}, environment, {}});
    EXPECT_EQ(read.findings.mistakes.empty(), c.is_platforms) << c.credentials << " " << c.file;
    EXPECT_EQ(read.findings.warnings.empty(), !c.is_platforms) << c.credentials << " " << c.file;
  }
}

TEST(SecretFile, HoldsOneSecretAndNothingElse) {
  struct Case {
    std::string text;
    bool good;
  };
  for (const Case& c : std::vector<Case>{{"a", true},
                                         {"a\n", true},
                                         {"a\r\n", true},
                                         {"", false},
                                         {"\n", false},
                                         {"a\n\n", false},
                                         {"a b", false},
                                         {"id=a\nsecret=b", false},
                                         {std::string("a\0b", 3), false},
                                         {std::string(5000, 'a'), false}}) {
    const Directory directory;
    Environment environment = make_environment(directory);
    environment["PORTERO_CLIENT_SECRET_FILE"] = directory.write("s", c.text, 0600);
    EXPECT_EQ(read_settings({{}, environment, {}}).findings.mistakes.empty(), c.good) << c.text;
  }
}

TEST(Settings, HostileFilesAreRefusedNotFollowed) {
  for (const std::string& json :
       {std::string(""), std::string("[]"), std::string("null"), std::string("{\"a\":"),
        std::string(100000, '['), "{\"origins\":" + std::string(50000, '{'),
        std::string(kSettingsFileMax + 1, ' '), std::string("{\"client_id\": \"\xff\"}"),
        std::string("{} {}"), std::string("// a comment\n{}")}) {
    const Directory directory;
    const std::string file = directory.write("portero.json", json);
    const ReadSettings read =
        read_settings({.file = file, .environment = make_environment(directory), .flags = {}});
    EXPECT_FALSE(read.findings.mistakes.empty()) << json.substr(0, 20);
  }
}

TEST(Settings, AByteThatNobodySeesIsNamedNotPassedOver) {
  const std::string mark = "\xEF\xBB\xBF";
  struct Case {
    std::string json;
    std::string wrong;
  };
  for (const Case& c : std::vector<Case>{
           {mark + "{}", "begins with a byte order mark; remove its three bytes"},
           {mark + "{\"scope\": \"user:email\"}", "begins with a byte order mark; remove"},
           {std::string("{}\0", 3), "holds a NUL byte; remove it"},
           {std::string("{}\0{\"listen\": \"127.0.0.1:1\"}", 29), "holds a NUL byte; remove it"},
           {std::string("\0{}", 3), "holds a NUL byte; remove it"},
           {std::string("\xFF\xFE{\0}\0", 6), "holds a NUL byte; remove it"}}) {
    const Directory directory;
    const std::string file = directory.write("portero.json", c.json);
    const ReadSettings read =
        read_settings({.file = file, .environment = make_environment(directory), .flags = {}});
    EXPECT_TRUE(has(read.findings.mistakes, std::string(file).append(": ").append(c.wrong)))
        << joined(read.findings.mistakes);
  }
  EXPECT_TRUE(has(read_with({{"PORTERO_ORIGINS", mark + R"({"https://a.example": {"redirect_uri": )"
                                                        R"("https://a.example/"}})"}})
                      .findings.mistakes,
                  "PORTERO_ORIGINS: begins with a byte order mark; remove"));
}

TEST(Settings, AKeyWrittenTwiceIsNamedBesideEverythingElse) {
  const Directory directory;
  const std::string file = directory.write(
      "portero.json", R"({"scope": "a", "scope": "b", "log": {"level": "loud", "level": "info"}})");
  const ReadSettings read =
      read_settings({.file = file, .environment = make_environment(directory), .flags = {}});
  EXPECT_EQ(
      joined(read.findings.mistakes),
      "scope: is written twice, at line 1, column 2 and at line 1, column 16; keep one\n"
      "log.level: is written twice, at line 1, column 38 and at line 1, column 55; keep one\n");
}

TEST(Environment, SecretsAreOverwrittenWhereTheyLay) {
  std::string id = "PORTERO_CLIENT_ID=Iv1.abc";
  std::string secret = "PORTERO_CLIENT_SECRET=tell-nobody";
  std::string other = "HOME=/root";
  std::vector<char*> block = {id.data(), secret.data(), other.data(), nullptr};
  Environment environment = take_environment(block.data());
  EXPECT_EQ(environment.size(), 2U);
  EXPECT_EQ(environment["PORTERO_CLIENT_SECRET"], "tell-nobody");
  EXPECT_EQ(secret.find("tell"), std::string::npos);
  EXPECT_EQ(id, "PORTERO_CLIENT_ID=Iv1.abc");
}

}  // namespace
}  // namespace portero
