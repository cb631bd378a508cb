// Relative paths: of a settings file from its folder, of everything else from the working
// directory.
#include <unistd.h>

#include "tests/proxy/settings/operator.h"

namespace portero {
namespace {

namespace fs = std::filesystem;

/// Another working directory while it lives.
class Inside {
 public:
  explicit Inside(const std::string& directory) : before_(fs::current_path()) {
    fs::current_path(directory);
  }
  ~Inside() { fs::current_path(before_); }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

 private:
  const fs::path before_;
};

constexpr const char* kSettings = R"({
  "client_id": "Iv1.abc", "client_secret_file": "client_secret", "session_keys_file": "keys.json", "static_dir": "site",
  "origins": {"https://a.example": {"redirect_uri": "https://a.example/"},
              "https://b.example": {"redirect_uri": "https://b.example/", "client_id": "other", "client_secret_file": "b/secret"}},
  "github": {"ca_file": "ca.pem"}})";

/// `folder` has everything that kSettings names.
void fill(const Directory& directory, const std::string& folder) {
  directory.write(folder + "/client_secret", "of-" + folder, 0600);
  directory.write(folder + "/b/secret", "b-of-" + folder, 0600);
  directory.write(folder + "/ca.pem", "-----BEGIN CERTIFICATE-----\n");
  directory.write(folder + "/keys.json", "{}", 0600);
  directory.write(folder + "/site/index.html", "");
}

TEST(Paths, OfASettingsFileCountFromItsFolder) {
  const Directory directory;
  fill(directory, "etc");
  directory.write("etc/portero.json", kSettings);
  fs::create_directories(directory.path("elsewhere/deep"));
  const Inside inside(directory.path("elsewhere/deep"));
  for (const std::string& file :
       {directory.path("etc/portero.json"), std::string("../../etc/portero.json")}) {
    const ReadSettings read = read_settings({.file = file, .environment = {}, .flags = {}});
    EXPECT_EQ(joined(read.findings.mistakes), "");
    ASSERT_EQ(read.settings.sites.size(), 2U);
    EXPECT_EQ(read.settings.sites[0].client_secret.reveal(), "of-etc");
    EXPECT_EQ(read.settings.sites[1].client_secret.reveal(), "b-of-etc");
    EXPECT_TRUE(fs::equivalent(read.settings.static_dir, directory.path("etc/site")));
    EXPECT_TRUE(fs::equivalent(read.settings.session_keys_file, directory.path("etc/keys.json")));
    EXPECT_TRUE(fs::equivalent(read.settings.github.ca_file, directory.path("etc/ca.pem")));
  }
  const ReadSettings named =
      read_settings({.file = {},
                     .environment = {{"PORTERO_SETTINGS", directory.path("etc/portero.json")}},
                     .flags = {}});
  EXPECT_EQ(joined(named.findings.mistakes), "");
}

TEST(Paths, OfASettingsFileHereCountFromHere) {
  const Directory directory;
  fill(directory, "etc");
  directory.write("etc/portero.json", kSettings);
  const Inside inside(directory.path("etc"));
  const ReadSettings read = read_settings({});
  EXPECT_EQ(joined(read.findings.mistakes), "");
  EXPECT_EQ(read.settings.session_keys_file, "keys.json");
}

TEST(Paths, OfTheEnvironmentAndTheCommandLineCountFromTheWorkingDirectory) {
  const Directory directory;
  fill(directory, "etc");
  fill(directory, "here");
  directory.write("etc/portero.json", kSettings);
  const Inside inside(directory.path("here"));
  const ReadSettings read = read_settings(
      {.file = directory.path("etc/portero.json"),
       .environment = {{"PORTERO_CLIENT_SECRET_FILE", "client_secret"},
                       {"PORTERO_GITHUB_CA_FILE", "ca.pem"},
                       {"PORTERO_ORIGINS",
                        R"({"https://b.example": {"redirect_uri": "https://b.example/",
                                              "client_id": "other", "client_secret_file": "b/secret"}})"}},
       .flags = {{"static_dir", "site"}}});
  EXPECT_EQ(joined(read.findings.mistakes), "");
  EXPECT_EQ(read.settings.static_dir, "site");
  EXPECT_EQ(read.settings.github.ca_file, "ca.pem");
  ASSERT_EQ(read.settings.sites.size(), 1U);
  EXPECT_EQ(read.settings.sites[0].client_secret.reveal(), "b-of-here");
  EXPECT_TRUE(fs::equivalent(read.settings.session_keys_file, directory.path("etc/keys.json")));
}

TEST(Paths, ThatAreRightByTheOldRuleAloneAreToldSoWithTheFix) {
  const Directory directory;
  fill(directory, "here");
  directory.write("etc/portero.json", kSettings);
  const Inside inside(directory.path("here"));
  const std::string file = directory.path("etc/portero.json");
  const ReadSettings read = read_settings({.file = file, .environment = {}, .flags = {}});
  const std::string here = fs::current_path().string();
  for (const auto& [key, name] : std::vector<std::pair<std::string, std::string>>{
           {"client_secret_file", "client_secret"},
           {"session_keys_file", "keys.json"},
           {"static_dir", "site"},
           {"github.ca_file", "ca.pem"},
           {"origins[https://b.example].client_secret_file", "b/secret"}}) {
    std::string expected = key;
    expected.append(": ")
        .append(directory.path("etc/" + name))
        .append(" does not exist; relative paths of ");
    expected.append(file)
        .append(" count from its folder now: move ")
        .append(name)
        .append(" there, or write ");
    expected.append(here).append("/").append(name);
    EXPECT_TRUE(has(read.findings.mistakes, expected)) << expected << "\n"
                                                       << joined(read.findings.mistakes);
  }
  EXPECT_EQ(read.findings.mistakes.size(), 5U) << joined(read.findings.mistakes);
  Environment stronger = {{"PORTERO_SESSION_KEYS_FILE", "keys.json"},
                          {"PORTERO_STATIC_DIR", "site"}};
  const ReadSettings other = read_settings({.file = file, .environment = stronger, .flags = {}});
  EXPECT_EQ(other.findings.mistakes.size(), 3U) << joined(other.findings.mistakes);
}

TEST(Paths, ThatBeginWithATildeAreRefused) {
  const Directory directory;
  const std::string file = directory.write(
      "portero.json", R"({"session_keys_file": "~/keys.json", "static_dir": "~ada/site"})");
  Environment environment = make_environment(directory);
  environment.erase("PORTERO_SESSION_KEYS_FILE");
  environment["PORTERO_GITHUB_CA_FILE"] = "~/ca.pem";
  const Findings findings =
      read_settings({.file = file, .environment = environment, .flags = {}}).findings;
  for (const char* key : {"session_keys_file", "static_dir", "github.ca_file"}) {
    EXPECT_TRUE(has(findings.mistakes, std::string(key) + ": begins with ~; write the whole path"))
        << key;
  }
  EXPECT_EQ(findings.mistakes.size(), 3U) << joined(findings.mistakes);
}

}  // namespace
}  // namespace portero
