// What people put where the client secret should be alone.
#include "tests/proxy/settings/operator.h"

namespace portero {
namespace {

struct Case {
  std::string text;
  std::string wrong;
};

const std::string kCanary = "0123canary456789";

const std::vector<Case> kNotASecret = {
    {"client_secret=" + kCanary, "a line NAME=VALUE"},
    {"PORTERO_CLIENT_SECRET=" + kCanary, "a line NAME=VALUE"},
    {"export SECRET=" + kCanary, "a line NAME=VALUE"},
    {"client_secret = " + kCanary, "a line NAME=VALUE"},
    {"client_secret: " + kCanary, "a line NAME=VALUE"},
    {"client-secret:" + kCanary, "a line NAME=VALUE"},
    {"\"" + kCanary + "\"", "quotation marks"},
    {"'" + kCanary + "'", "quotation marks"},
    {"\xE2\x80\x9C" + kCanary + "\xE2\x80\x9D", "a character beyond ASCII"},
    {"{\"client_secret\": \"" + kCanary + "\"}", "JSON"},
    {"{\n  \"client_secret\": \"" + kCanary + "\"\n}", "JSON"},
    {"[\"" + kCanary + "\"]", "JSON"},
    {"Iv1.abc", "the client id"},
    {"Ov23li0123canary4567", "a client id"},
    {"Iv23li0123canary4567", "a client id"},
    {"ghp_" + kCanary, "a token"},
    {"github_pat_" + kCanary, "a token"},
    {"-----BEGIN RSA PRIVATE KEY-----\n" + kCanary + "\n-----END RSA PRIVATE KEY-----", "a key"},
    {"<" + kCanary + ">", "a placeholder"},
    {kCanary + " ", "a blank"},
    {kCanary + "\n" + kCanary, "more than one line"},
    {kCanary + "\n\n", "more than one line"},
    {"\xEF\xBB\xBF" + kCanary, "a character beyond ASCII"},
    {"", "is empty"},
    {"\n", "is empty"}};

TEST(SecretFile, SaysWhatItHoldsInsteadOfASecretAndRepeatsNothing) {
  for (const Case& c : kNotASecret) {
    const Directory directory;
    Environment environment = make_environment(directory);
    environment["PORTERO_CLIENT_SECRET_FILE"] = directory.write("s", c.text, 0600);
    const Findings findings = read_settings({{}, environment, {}}).findings;
    const std::string said = joined(findings.mistakes);
    EXPECT_EQ(findings.mistakes.size(), 1U) << c.text << "\n" << said;
    EXPECT_TRUE(said.starts_with("client_secret_file: ")) << said;
    EXPECT_NE(said.find(c.wrong), std::string::npos) << c.text << " lacks " << c.wrong << "\n"
                                                     << said;
    EXPECT_NE(said.find("; "), std::string::npos) << said;
    EXPECT_EQ(said.find("canary"), std::string::npos) << said;
  }
}

TEST(SecretFile, SoDoesTheVariable) {
  for (const Case& c : kNotASecret) {
    if (c.text.empty()) continue;  // as good as not set
    const Directory directory;
    Environment environment = make_environment(directory);
    environment.erase("PORTERO_CLIENT_SECRET_FILE");
    environment["PORTERO_CLIENT_SECRET"] = c.text;
    const Findings findings = read_settings({{}, environment, {}}).findings;
    const std::string said = joined(findings.mistakes);
    EXPECT_EQ(findings.mistakes.size(), 1U) << c.text << "\n" << said;
    EXPECT_TRUE(said.starts_with("PORTERO_CLIENT_SECRET: ")) << said;
    EXPECT_NE(said.find(c.wrong), std::string::npos) << c.text << " lacks " << c.wrong << "\n"
                                                     << said;
    EXPECT_EQ(said.find("canary"), std::string::npos) << said;
  }
}

TEST(SecretFile, OfAnOriginIsComparedWithItsOwnClientId) {
  const Directory directory;
  Environment environment = make_environment(directory);
  environment["PORTERO_ORIGINS"] =
      R"({"https://a.example": {"redirect_uri": "https://a.example/", "client_id": "other",
                                "client_secret_file": ")" +
      directory.write("s", "other\n", 0600) + R"("}})";
  EXPECT_TRUE(has(read_settings({{}, environment, {}}).findings.mistakes,
                  "origins[https://a.example].client_secret_file: "));
}

TEST(SecretFile, TakesWhatMayBeASecret) {
  for (const char* good :
       {"0123456789abcdef0123456789abcdef01234567\n", "abcd==", "stand-in-secret", "a/b+c=="}) {
    const Directory directory;
    Environment environment = make_environment(directory);
    environment["PORTERO_CLIENT_SECRET_FILE"] = directory.write("s", good, 0600);
    EXPECT_EQ(joined(read_settings({{}, environment, {}}).findings.mistakes), "") << good;
  }
}

TEST(SecretVariable, LosesOneLineEndAsTheFileDoes) {
  const Directory directory;
  Environment environment = make_environment(directory);
  environment.erase("PORTERO_CLIENT_SECRET_FILE");
  environment["PORTERO_CLIENT_SECRET"] = "s3cret\n";
  const ReadSettings read = read_settings({{}, environment, {}});
  EXPECT_EQ(joined(read.findings.mistakes), "");
  EXPECT_EQ(read.settings.sites.at(0).client_secret.reveal(), "s3cret");
}

TEST(ClientId, ThatIsAnAppIdIsRefused) {
  const Findings findings = read_with({{"PORTERO_CLIENT_ID", "1234567"}}).findings;
  EXPECT_TRUE(has(findings.mistakes, "client_id: is a number, as the App ID of a GitHub App is"))
      << joined(findings.mistakes);
  for (const char* id : {"01234567890123456789", "Ov23li0123456789abcd", "Iv1.0123456789abcdef"}) {
    EXPECT_EQ(joined(read_with({{"PORTERO_CLIENT_ID", id}}).findings.mistakes), "") << id;
  }
}

TEST(ClientId, ThatIsASecretIsRefusedAndNotShown) {
  const std::string secret = "0123456789abcdef0123456789abcdef0badcafe";
  const Findings findings = read_with({{"PORTERO_CLIENT_ID", secret}}).findings;
  EXPECT_TRUE(has(findings.mistakes, "client_id: looks like a client secret"))
      << joined(findings.mistakes);
  EXPECT_EQ(joined(findings.mistakes).find(secret), std::string::npos);
}

}  // namespace
}  // namespace portero
