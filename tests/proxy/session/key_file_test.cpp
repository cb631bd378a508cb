#include "proxy/session/key_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace portero {
namespace {

constexpr std::int64_t kToday = 1000000;
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
    return why_refused(path(), credentials);
  }
  static std::string why_refused(const std::string& path, const std::string& credentials) {
    const Result<LoadedKeys, Problem> file = read_key_file(path, credentials);
    return file ? "" : file.error().text();
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
  ASSERT_TRUE(generate_keys(path(), Keygen::kNew, kLifetime, kToday));
  struct stat status = {};
  ASSERT_EQ(::stat(path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  const Result<LoadedKeys, Problem> file = read_key_file(path(), "");
  ASSERT_TRUE(file) << file.error().text();
  const KeyRing* ring = &file->ring;
  ASSERT_EQ(ring->keys.size(), 1U);
  EXPECT_NE(ring->sealing_key(kToday), nullptr);
  EXPECT_EQ(ring->keys[0].open_until, std::nullopt);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory()), {}), 1);
}

TEST_F(KeyFile, IsNotMadeOverAnother) {
  ASSERT_TRUE(generate_keys(path(), Keygen::kNew, kLifetime, kToday));
  const std::string before = text();
  const Result<MadeKeys, Problem> again = generate_keys(path(), Keygen::kNew, kLifetime, kToday);
  ASSERT_FALSE(again);
  EXPECT_NE(again.error().text().find("--rotate"), std::string::npos);
  EXPECT_TRUE(generate_keys(path(), Keygen::kIfMissing, kLifetime, kToday));
  EXPECT_EQ(text(), before);
}

TEST_F(KeyFile, IsNotMadeByARotation) {
  const Result<MadeKeys, Problem> made = generate_keys(path(), Keygen::kRotate, kLifetime, kToday);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().text(), path() +
                                     ": is not there, so there is no key to retire; correct the "
                                     "path, or make a new file: portero keygen " +
                                     path());
  EXPECT_FALSE(std::filesystem::exists(path()));
}

TEST_F(KeyFile, SaysWhatWasMade) {
  const Result<MadeKeys, Problem> first = generate_keys(path(), Keygen::kNew, kLifetime, kToday);
  EXPECT_TRUE(first->is_made);
  EXPECT_EQ(first->seal_from, kToday);
  const Result<MadeKeys, Problem> kept =
      generate_keys(path(), Keygen::kIfMissing, kLifetime, kToday);
  EXPECT_FALSE(kept->is_made);
  EXPECT_EQ(kept->kid, first->kid);
  EXPECT_EQ(kept->kept, 1U);
  const Result<MadeKeys, Problem> next = generate_keys(path(), Keygen::kRotate, kLifetime, kToday);
  EXPECT_TRUE(next->is_made);
  EXPECT_NE(next->kid, first->kid);
  EXPECT_EQ(next->seal_from, kToday + 600);
  EXPECT_EQ(next->open_until, kToday + 600 + kLifetime.count());
  EXPECT_EQ(next->kept, 1U);
}

TEST_F(KeyFile, IsMadeWhenMissing) {
  EXPECT_TRUE(generate_keys(path(), Keygen::kIfMissing, kLifetime, kToday));
  EXPECT_EQ(why_refused(), "");
}

TEST_F(KeyFile, RotationAddsAKeyAndLetsTheOldOnesRunOut) {
  ASSERT_TRUE(generate_keys(path(), Keygen::kNew, kLifetime, kToday - 100));
  ASSERT_TRUE(generate_keys(path(), Keygen::kRotate, kLifetime, kToday));
  const Result<LoadedKeys, Problem> file = read_key_file(path(), "");
  ASSERT_TRUE(file);
  const KeyRing* ring = &file->ring;
  ASSERT_EQ(ring->keys.size(), 2U);
  EXPECT_EQ(ring->keys[1].seal_from, kToday + 600);
  EXPECT_EQ(ring->keys[0].open_until, kToday + 600 + kLifetime.count());
  EXPECT_EQ(ring->sealing_key(kToday), ring->keys.data());
  EXPECT_EQ(ring->sealing_key(kToday + 600), &ring->keys[1]);
}

TEST_F(KeyFile, RotationDropsWhatHasRunOut) {
  ASSERT_TRUE(generate_keys(path(), Keygen::kNew, kLifetime, kToday));
  ASSERT_TRUE(generate_keys(path(), Keygen::kRotate, kLifetime, kToday));
  const std::int64_t later = kToday + 600 + kLifetime.count();
  ASSERT_TRUE(generate_keys(path(), Keygen::kRotate, kLifetime, later));
  EXPECT_EQ(read_key_file(path(), "")->ring.keys.size(), 2U);
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

TEST_F(KeyFile, IsReadWithThePermissionsASystemdCredentialHas) {
  write(R"({"keys":[{"kid":"a","k":")" + kKey + R"(","seal_from":1}]})", 0444);
  EXPECT_EQ(why_refused(directory()), "");
  EXPECT_NE(why_refused(directory() + "/other"), "");
  EXPECT_NE(why_refused(directory().substr(0, directory().size() - 1)), "");
}

TEST_F(KeyFile, IsThePlatformsHoweverItIsNamed) {
  write(R"({"keys":[{"kid":"a","k":")" + kKey + R"(","seal_from":1}]})", 0444);
  const std::string link = directory() + "-link";
  std::filesystem::create_directory_symlink(directory(), link);
  std::filesystem::create_symlink("keys.json", directory() + "/same");
  const std::string relative = std::filesystem::relative(path()).string();
  EXPECT_EQ(why_refused(relative, directory()), "");
  EXPECT_EQ(why_refused(path(), std::filesystem::relative(directory()).string()), "");
  EXPECT_EQ(why_refused(link + "/keys.json", directory()), "");
  EXPECT_EQ(why_refused(path(), link), "");
  EXPECT_EQ(
      why_refused(directory() + "/../" + path().substr(path().find("portero-keys-")), directory()),
      "");
  EXPECT_EQ(read_key_file(relative, directory())->access, Access::kSetByPlatform);
  // A credential that leads out of the directory has the permissions of what it leads to.
  std::filesystem::create_directory(directory() + "/credentials");
  std::filesystem::create_symlink("../keys.json", directory() + "/credentials/keys.json");
  EXPECT_NE(why_refused(directory() + "/credentials/keys.json", directory() + "/credentials"), "");
  std::filesystem::remove(link);
}

TEST_F(KeyFile, IsNotMadeAnewForAByteThatCanBeRemoved) {
  const std::string good = R"({"keys":[{"kid":"a","k":")" + kKey + R"(","seal_from":1}]})";
  struct Case {
    std::string text;
    std::string says;
  };
  for (const Case& c : std::vector<Case>{
           {"\xEF\xBB\xBF" + good, ": begins with a byte order mark; remove its three bytes"},
           {good + std::string(1, '\0'), ": holds a NUL byte; remove it"},
           {std::string(1, '\0') + good, ": holds a NUL byte; remove it"},
           {R"({"keys":[{"kid":"a","kid":"b"}]})", ": names one member twice in an object; "}}) {
    write(c.text);
    EXPECT_TRUE(why_refused().starts_with(path() + c.says)) << why_refused();
    EXPECT_EQ(why_refused().find("keygen"), std::string::npos) << why_refused();
  }
}

/// The place is told, and nothing of a key.
TEST_F(KeyFile, SaysWhereItStopsBeingJson) {
  write(R"({"keys":[{"kid":"a","k":)" + kKey + R"(","seal_from":1}]})");
  EXPECT_TRUE(why_refused().starts_with(
      path() + ": is not valid JSON at line 1, column 25: a word without quotes; "))
      << why_refused();
  EXPECT_EQ(why_refused().find("AAA"), std::string::npos);
}

TEST_F(KeyFile, IsNotWaitedForWhenItIsAPipe) {
  ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);
  EXPECT_NE(why_refused().find("not a regular file"), std::string::npos);
}

TEST_F(KeyFile, IsRefusedWithTheFixWhenItIsMissing) {
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
