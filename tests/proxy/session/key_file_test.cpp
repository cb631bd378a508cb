#include "proxy/session/key_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace portero {
namespace {

constexpr std::int64_t kNow = 1000000;
constexpr std::chrono::seconds kLifetime = std::chrono::hours(24 * 7);

class KeyFile : public ::testing::Test {
 protected:
  KeyFile() : directory_(::testing::TempDir() + "portero-keys-XXXXXX") {
    if (::mkdtemp(directory_.data()) == nullptr) std::abort();
  }
  ~KeyFile() override { std::filesystem::remove_all(directory_); }

  [[nodiscard]] std::string path() const { return directory_ + "/keys.json"; }
  [[nodiscard]] const std::string& directory() const { return directory_; }

  void write(const std::string& text, mode_t mode = 0600) const {
    std::ofstream(path()) << text;
    ::chmod(path().c_str(), mode);
  }
  [[nodiscard]] std::string why_refused(const std::string& credentials = "") const {
    std::string why;
    return read_key_file(path(), credentials, why) ? "" : why;
  }
  [[nodiscard]] std::string text() const {
    std::ifstream file(path());
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  std::string directory_;
};

const std::string kKey = std::string(43, 'A');

TEST_F(KeyFile, IsMadeForItsOwnerAloneAndReadBack) {
  std::string why;
  ASSERT_TRUE(generate_keys(path(), Keygen::kNew, kLifetime, kNow, why)) << why;
  struct stat status {};
  ASSERT_EQ(::stat(path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  const std::optional<KeyRing> ring = read_key_file(path(), "", why);
  ASSERT_TRUE(ring) << why;
  ASSERT_EQ(ring->keys.size(), 1U);
  EXPECT_NE(ring->sealing_key(kNow), nullptr);
  EXPECT_EQ(ring->keys[0].open_until, std::nullopt);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory()), {}), 1);
}

TEST_F(KeyFile, IsNotMadeOverAnother) {
  std::string why;
  ASSERT_TRUE(generate_keys(path(), Keygen::kNew, kLifetime, kNow, why));
  const std::string before = text();
  EXPECT_FALSE(generate_keys(path(), Keygen::kNew, kLifetime, kNow, why));
  EXPECT_NE(why.find("--rotate"), std::string::npos);
  EXPECT_TRUE(generate_keys(path(), Keygen::kIfMissing, kLifetime, kNow, why));
  EXPECT_EQ(text(), before);
}

TEST_F(KeyFile, IsMadeWhenMissing) {
  std::string why;
  EXPECT_TRUE(generate_keys(path(), Keygen::kIfMissing, kLifetime, kNow, why)) << why;
  EXPECT_EQ(why_refused(), "");
}

TEST_F(KeyFile, RotationAddsAKeyAndLetsTheOldOnesRunOut) {
  std::string why;
  ASSERT_TRUE(generate_keys(path(), Keygen::kNew, kLifetime, kNow - 100, why));
  ASSERT_TRUE(generate_keys(path(), Keygen::kRotate, kLifetime, kNow, why)) << why;
  const std::optional<KeyRing> ring = read_key_file(path(), "", why);
  ASSERT_TRUE(ring);
  ASSERT_EQ(ring->keys.size(), 2U);
  EXPECT_EQ(ring->keys[1].seal_from, kNow + 600);
  EXPECT_EQ(ring->keys[0].open_until, kNow + 600 + kLifetime.count());
  EXPECT_EQ(ring->sealing_key(kNow), ring->keys.data());
  EXPECT_EQ(ring->sealing_key(kNow + 600), &ring->keys[1]);
}

TEST_F(KeyFile, RotationDropsWhatHasRunOut) {
  std::string why;
  ASSERT_TRUE(generate_keys(path(), Keygen::kNew, kLifetime, kNow, why));
  ASSERT_TRUE(generate_keys(path(), Keygen::kRotate, kLifetime, kNow, why));
  const std::int64_t later = kNow + 600 + kLifetime.count();
  ASSERT_TRUE(generate_keys(path(), Keygen::kRotate, kLifetime, later, why));
  EXPECT_EQ(read_key_file(path(), "", why)->keys.size(), 2U);
}

TEST_F(KeyFile, IsRefusedWhenOthersMayReadOrChangeIt) {
  const std::string good = R"({"keys":[{"kid":"a","k":")" + kKey + R"(","seal_from":1}]})";
  for (const mode_t mode : {0604U, 0602U, 0601U, 0620U, 0666U}) {
    write(good, mode);
    EXPECT_NE(why_refused().find("chmod 600"), std::string::npos) << mode;
  }
  for (const mode_t mode : {0600U, 0400U, 0640U, 0440U}) {
    write(good, mode);
    EXPECT_EQ(why_refused(), "") << mode;
  }
}

TEST_F(KeyFile, KeepsTheRightsASystemdCredentialHas) {
  write(R"({"keys":[{"kid":"a","k":")" + kKey + R"(","seal_from":1}]})", 0444);
  EXPECT_EQ(why_refused(directory()), "");
  EXPECT_NE(why_refused(directory() + "/other"), "");
  EXPECT_NE(why_refused(directory().substr(0, directory().size() - 1)), "");
}

TEST_F(KeyFile, IsRefusedWithTheCureWhenItIsMissing) {
  EXPECT_NE(why_refused().find("portero keygen"), std::string::npos);
}

TEST_F(KeyFile, IsRefusedWhenMalformedWithoutShowingAKey) {
  const std::string key = "\"k\":\"" + kKey + "\"";
  const std::vector<std::string> texts = {
      "",
      "[]",
      "{}",
      R"({"keys":[]})",
      R"({"keys":{}})",
      R"({"keys":[{"kid":"a",)" + key + "}]}",
      R"({"keys":[{"kid":"",)" + key + R"(,"seal_from":1}]})",
      R"({"keys":[{"kid":"a\"b",)" + key + R"(,"seal_from":1}]})",
      R"({"keys":[{"kid":"a","k":"AAAA","seal_from":1}]})",
      R"({"keys":[{"kid":"a",)" + key + R"(,"seal_from":"1"}]})",
      R"({"keys":[{"kid":"a",)" + key + R"(,"seal_from":1,"open_until":"x"}]})",
      R"({"keys":[{"kid":"a",)" + key + R"(,"seal_from":1},{"kid":"a",)" + key +
          R"(,"seal_from":1}]})",
  };
  for (const std::string& text : texts) {
    write(text);
    const std::string why = why_refused();
    EXPECT_NE(why, "") << text;
    EXPECT_EQ(why.find(kKey), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace portero
