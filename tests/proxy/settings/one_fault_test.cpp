// One fault is told once, however many settings it touches.
#include "tests/proxy/settings/operator.h"

namespace portero {
namespace {

TEST(OneFault, IsToldOnce) {
  struct Case {
    std::string json;
    std::string says;  // the one mistake's beginning
  };
  const std::string good =
      R"("session_keys_file": "k", "origins": {"https://a.example": {"redirect_uri": "https://a.example/"}})";
  const std::string app = R"("client_id": "a", "client_secret_file": "SECRET")";
  for (
      const Case& c : std::vector<Case>{
          {R"("client_id": "a", "client_secret_file": "/nowhere", )" + good,
           "client_secret_file: /nowhere cannot be read"},
          {R"("client_id": "a", "client_secret_file": 12, )" + good,
           "client_secret_file: is not text"},
          {R"("client_id": "a", "client_secret": "x", )" + good, "client_secret: does not belong"},
          {R"("client_id": "a", "client_secret_fil": "SECRET", )" + good,
           "client_secret_fil: is not a setting (did you mean"},
          {R"("client_id": 12, "client_secret_file": "SECRET", )" + good, "client_id: is not text"},
          {R"("client_id": null, "client_secret_file": "SECRET", )" + good,
           "client_id: is not text"},
          {R"("clientid": "a", "client_secret_file": "SECRET", )" + good,
           "clientid: is not a setting (did you mean"},
          {app +
               R"(, "session_keys_file": 1, "origins": {"https://a.example": {"redirect_uri": "https://a.example/"}})",
           "session_keys_file: is not text"},
          {app +
               R"(, "session_keys": "k", "origins": {"https://a.example": {"redirect_uri": "https://a.example/"}})",
           "session_keys: is not a setting"},
          {app + R"(, "session_keys_file": "k", "origins": ["https://a.example"])",
           "origins: is not an object"},
          {app + R"(, "github.proxy": "http://p.example:1", )" + good,
           "github.proxy: is one name with a dot; write \"github\": {\"proxy\": …}"},
          {app + R"(, "limits.body": 4096, )" + good,
           "limits.body: is one name with a dot; write \"limits\": {\"body\": …}"},
          {app + R"(, "github.prox": "http://p.example:1", )" + good,
           "github.prox: is not a setting (did you mean `github.proxy`?)"},
          {app + R"(, "session_keys_file": "k", "origin": {})",
           "origin: is not a setting (did you mean `origins`?)"},
          {app +
               R"(, "session_keys_file": "k", "origins": {"https://a.example": {"redirect_url": "https://a.example/"}})",
           "origins[https://a.example].redirect_url: is not a setting of an origin (did you mean"},
          {app +
               R"(, "session_keys_file": "k", "origins": {"https://a.example": {"redirect_uri": 1}})",
           "origins[https://a.example].redirect_uri: is not text"},
          {app +
               R"(, "session_keys_file": "k", "origins": {"https://a.example": "https://a.example/"})",
           "origins[https://a.example]: is not an object"},
          {app +
               R"(, "session_keys_file": "k", "origins": {"https://a.example": {"redirect_uri": "https://a.example/",
                "client_id": "b", "client_secret_file": "/nowhere"}})",
           "origins[https://a.example].client_secret_file: /nowhere cannot be read"},
          {app +
               R"(, "session_keys_file": "k", "scope": "a,b", "origins": {"https://a.example": {"redirect_uri":
                "https://a.example/"}, "https://b.example": {"redirect_uri": "https://b.example/"}})",
           "scope: is not a list of scopes"},
          {R"("client_id": "a b", "client_secret_file": "SECRET", "session_keys_file": "k", "origins": {"https://a.example":
                {"redirect_uri": "https://a.example/"}, "https://b.example": {"redirect_uri": "https://b.example/"}})",
           "client_id: is not a client id"},
          {app + R"(, "session": {"idle": "9d", "lifetime": "x"}, )" + good,
           "session.lifetime: is not a duration"},
          {app + R"(, "static_dir": 1, )" + good, "static_dir: is not text"}}) {
    const Directory directory;
    std::string json = "{" + c.json + "}";
    const std::size_t at = json.find("SECRET");
    if (at != std::string::npos) json.replace(at, 6, directory.path("secret"));
    const Findings findings =
        read_settings(
            {.file = directory.write("portero.json", json), .environment = {}, .flags = {}})
            .findings;
    EXPECT_EQ(findings.mistakes.size(), 1U) << json << "\n" << joined(findings.mistakes);
    EXPECT_TRUE(has(findings.mistakes, c.says)) << c.says << "\n" << joined(findings.mistakes);
  }
}

TEST(OneFault, OfTheEnvironmentIsToldOnce) {
  for (const auto& [name, from] : std::vector<std::pair<std::string, std::string>>{
           {"PORTERO_CLIENTID", "PORTERO_CLIENT_ID"},
           {"PORTERO_CLIENT_SECRETS_FILE", "PORTERO_CLIENT_SECRET_FILE"},
           {"PORTERO_SESSION_KEY_FILE", "PORTERO_SESSION_KEYS_FILE"},
           {"PORTERO_ORIGIN", "PORTERO_ORIGINS"}}) {
    const Directory directory;
    Environment environment = make_environment(directory);
    environment[name] = environment[from];
    environment.erase(from);
    const Findings findings = read_settings({{}, environment, {}}).findings;
    EXPECT_EQ(findings.mistakes.size(), 1U) << joined(findings.mistakes);
    EXPECT_TRUE(has(findings.mistakes, name + ": is not a setting (did you mean `" + from)) << name;
  }
}

TEST(OneFault, AnOriginsOwnIdAndScopeAreNamedAsItsOwn) {
  const Findings findings =
      read_with({{"PORTERO_ORIGINS",
                  R"({"https://a.example": {"redirect_uri": "https://a.example/", "scope": "a,b"},
                                         "https://b.example": {"redirect_uri": "https://b.example/"}})"}})
          .findings;
  EXPECT_TRUE(has(findings.mistakes, "origins[https://a.example].scope: is not a list of scopes"));
  EXPECT_EQ(findings.mistakes.size(), 1U) << joined(findings.mistakes);
}

/// What would show when it is used is told with the rest.
TEST(OneFault, WhatWouldFailLaterIsToldAtOnce) {
  const Directory directory;
  const Findings findings =
      read_with({{"PORTERO_LISTEN", "everywhere"},
                 {"PORTERO_GITHUB_CA_FILE", directory.write("ca.pem", "no certificate")}})
          .findings;
  EXPECT_TRUE(has(findings.mistakes, "listen: is not an address"));
  EXPECT_TRUE(has(findings.mistakes, "github.ca_file: holds no certificate"));
}

}  // namespace
}  // namespace portero
