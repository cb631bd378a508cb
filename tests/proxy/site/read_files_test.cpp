// What of a folder is read, under which address, and what is left out or refused, with its name.
#include <sys/stat.h>

#include "tests/proxy/site/folder.h"

namespace portero {
namespace {

namespace fs = std::filesystem;

class ReadingFiles : public Folder {
 protected:
  void SetUp() override {
    Folder::SetUp();
    put("index.html", "<p>page");
  }
  /// The content type under an address; empty: nothing is there.
  static std::string type_at(const FileMap& files, const std::string& path) {
    const auto at = files.find(path);
    return at == files.end() ? "" : at->second.content_type;
  }
};

TEST_F(ReadingFiles, FindsFilesByTheirRequestPath) {
  put("index.html.br", "brotli");
  put("web/app.js", "code");
  put("web/index.html", "<p>sub");
  EXPECT_EQ(paths(), "/ /index.html /web/ /web/app.js /web/index.html");
  EXPECT_EQ(why_, "");
  EXPECT_EQ(all_left_out(), "");
  const FileMap files = read();
  EXPECT_EQ(files.at("/").body, "<p>page");
  EXPECT_EQ(files.at("/").br, "brotli");
  EXPECT_EQ(files.at("/web/").body, "<p>sub");
}

TEST_F(ReadingFiles, KnowsTheTypesThatPagesHave) {
  const std::vector<std::pair<std::string, std::string>> types = {
      {"a.jpeg", "image/jpeg"},
      {"a.gif", "image/gif"},
      {"a.avif", "image/avif"},
      {"a.pdf", "application/pdf"},
      {"a.woff", "font/woff"},
      {"a.ttf", "font/ttf"},
      {"a.otf", "font/otf"},
      {"a.mp4", "video/mp4"},
      {"a.webm", "video/webm"},
      {"a.mp3", "audio/mpeg"},
      {"a.ogg", "audio/ogg"},
      {"a.wav", "audio/wav"},
      {"a.csv", "text/csv; charset=utf-8"},
      {"notes.markdown.md", "text/markdown; charset=utf-8"},
      {"a.cjs", "text/javascript; charset=utf-8"},
      {"a.htm", "text/html; charset=utf-8"},
      {"a.vtt", "text/vtt; charset=utf-8"},
      {"a.geojson", "application/geo+json"},
      {"a.zip", "application/zip"},
      {"A.JPG", "image/jpeg"},
      {"a.Html", "text/html; charset=utf-8"},
      {"model.some-thing", "application/octet-stream"},
      {"a.tar.gz", "application/gzip"},
      {".well-known/security.txt", "text/plain; charset=utf-8"},
      {".well-known/apple-app-site-association", "application/octet-stream"},
      {"deep/.well-known/matrix/client", "application/octet-stream"},
  };
  for (const auto& [name, type] : types) put(name);
  const FileMap files = read();
  for (const auto& [name, type] : types) EXPECT_EQ(type_at(files, "/" + name), type) << name;
  EXPECT_EQ(files.size(), types.size() + 2);
  EXPECT_EQ(all_left_out(), "");
}

TEST_F(ReadingFiles, GivesANameTheAddressThatBrowsersSend) {
  const std::vector<std::pair<std::string, std::string>> names = {
      {"logo@2x.png", "/logo@2x.png"},
      {"[slug].js", "/[slug].js"},
      {"~x.js", "/~x.js"},
      {"a+b.js", "/a+b.js"},
      {"$lib.js", "/$lib.js"},
      {"a b.png", "/a%20b.png"},
      {"\xc3\xbc.png", "/%C3%BC.png"},
      {"\xe2\x82\xac \xf0\x9f\x98\x80.png", "/%E2%82%AC%20%F0%9F%98%80.png"},
      {"a!'()*,;=&:.js", "/a!'()*,;=&:.js"},
      {"100%.png", "/100%25.png"},
      {"a%20b.js", "/a%2520b.js"},
      {"what?.png", "/what%3F.png"},
      {"#1.png", "/%231.png"},
      {"a<b>\"^`{}.png", "/a%3Cb%3E%22%5E%60%7B%7D.png"},
      {"-x.sh", "/-x.sh"},
      {"b\xc3\xbc"
       "cher/index.html",
       "/b%C3%BC"
       "cher/"},
      {"b\xc3\xbc"
       "cher/@ [1].js",
       "/b%C3%BC"
       "cher/@%20[1].js"},
  };
  for (const auto& [name, address] : names) put(name, name);
  const FileMap files = read();
  for (const auto& [name, address] : names) {
    ASSERT_TRUE(files.contains(address)) << address << all_left_out();
    EXPECT_EQ(files.at(address).body, name);
  }
  EXPECT_EQ(files.size(), names.size() + 3);
}

TEST_F(ReadingFiles, NamesWhatNoAddressCanCarry) {
  for (const char* name :
       {"a\\b.png", "a|b.png", "a\nb.png", "a\x7f.png", "\xfc.png", "\xc0\xaf.png",
        "\xed\xa0\x80.png", "\xf4\x90\x80\x80.png", "a\x1b[2J.png"}) {
    put(name);
  }
  put("d\x01/a.png");
  EXPECT_EQ(paths(), "/ /index.html");
  EXPECT_TRUE(says({"10 names that no address can carry", "rename"})) << all_left_out();
  for (const char c : all_left_out()) EXPECT_TRUE(c == '\n' || (c >= ' ' && c <= '~'));
}

TEST_F(ReadingFiles, NamesWhatVisitorsMustNotGet) {
  const std::vector<std::string> names = {
      "a.key",      "b.PEM",       "c.p12",     "d.pfx",      "e.crt", "f.sql",     "g.sqlite",
      "h.db",       "prod.env",    "i.js.bak",  "nginx.conf", "p.ini", "error.log", "error.log.1",
      "f.sql.gz",   "g.sqlite3",   "g.db-wal",  "k.Key",      "a.php", "x.kdbx",    "s.key.zip",
      "e.log.2.gz", "index.html~", "wp.js.old", "w.js.orig",  "v.p8",  "w.jks",     "m.js.swp"};
  for (const std::string& name : names) put(name, "SECRET");
  put("deep/a.key", "SECRET");
  EXPECT_EQ(paths(), "/ /index.html");
  EXPECT_TRUE(
      says({std::to_string(names.size() + 1) + " files that visitors should not get", "move"}))
      << all_left_out();
}

TEST_F(ReadingFiles, NamesDotNamesAndFilesWithoutAType) {
  for (const char* name : {".env", ".htpasswd", ".hidden/x.js", "web/.DS_Store",
                           ".well-known/.x.txt", ".env.local", ".well-knowN/y.txt"}) {
    put(name, "SECRET");
  }
  for (const char* name : {"LICENSE", "id_rsa", "CNAME", "Mr. Smith", "a."}) put(name);
  EXPECT_EQ(paths(), "/ /index.html");
  EXPECT_TRUE(says({"7 names that begin with a dot", ".env", ".well-known"})) << all_left_out();
  EXPECT_TRUE(says({"5 files without an extension", "CNAME"})) << all_left_out();
}

TEST_F(ReadingFiles, NamesCompressedFilesThatBelongToNone) {
  put("lone.js.br");
  put("data.csv.gz");
  put("app.js");
  put("app.js.br");
  put("app.js.gz");
  EXPECT_EQ(paths(), "/ /app.js /data.csv.gz /index.html");
  EXPECT_TRUE(says({"1 compressed file", "lone.js.br"})) << all_left_out();
}

TEST_F(ReadingFiles, NamesAddressesThatAreLongerThanARequestMayBe) {
  std::string deep;
  for (int i = 0; i < 5; ++i) deep += std::string(240, 'a') + "/";
  put(deep + "x.js");
  std::string wide;
  for (int i = 0; i < 120; ++i) wide += "\xc3\xbc";
  put(wide + "/" + wide + ".js");
  EXPECT_EQ(paths(), "/ /index.html");
  EXPECT_TRUE(says({"2 ", "limits.target"})) << all_left_out();
}

TEST_F(ReadingFiles, TellsOfThousandsInOneLineThatALogCanHold) {
  for (int i = 1000; i < 4000; ++i)
    put("many/" + std::string(200, 'n') + std::to_string(i) + ".key");
  EXPECT_EQ(paths(), "/ /index.html");
  ASSERT_EQ(left_out_.size(), 1U);
  EXPECT_TRUE(says({"3000 files", "and 2997 more"})) << all_left_out();
  EXPECT_LE(left_out_.front().size(), 256U) << all_left_out();
}

TEST_F(ReadingFiles, RefusesADirectoryThatHoldsASecret) {
  put("deep/secret", "s");
  EXPECT_TRUE(read({(site_ / "deep/secret").string()}).empty());
  EXPECT_NE(why_.find("deep/secret"), std::string::npos) << why_;
  EXPECT_TRUE(read({(site_ / "web/../not-there-yet").string()}).empty());
  EXPECT_FALSE(read({(root_ / "secret").string(), "", (root_ / "site-secret").string()}).empty());
  EXPECT_EQ(why_, "");
}

TEST_F(ReadingFiles, RefusesADirectoryThatHoldsASecretHoweverItIsNamed) {
  put("deep/secret", "s");
  fs::create_directory_symlink(site_, root_ / "linked");
  fs::create_symlink(site_ / "deep/secret", root_ / "link");
  for (const fs::path& name : {root_ / "linked/deep/secret", root_ / "link",
                               fs::relative(site_ / "deep/secret"), site_ / "./x/../deep/secret"}) {
    EXPECT_TRUE(read({name.string()}).empty()) << name;
    EXPECT_NE(why_.find("not for visitors"), std::string::npos) << why_;
  }
}

TEST_F(ReadingFiles, RefusesACheckout) {
  put(".git/config", "x");
  EXPECT_TRUE(read().empty());
  EXPECT_NE(why_.find(".git"), std::string::npos) << why_;
}

TEST_F(ReadingFiles, RefusesARepositoryBelowAndAGitFile) {
  put("web/.git", "gitdir: elsewhere");
  EXPECT_TRUE(read().empty());
}

TEST_F(ReadingFiles, RefusesToServeFromInsideARepositorysData) {
  site_ = root_ / ".git" / "x";
  put("index.html", "x");
  EXPECT_TRUE(read().empty());
  EXPECT_NE(why_.find(".git"), std::string::npos) << why_;
}

TEST_F(ReadingFiles, RefusesADirectoryThatIsNotThere) {
  site_ = root_ / "nowhere";
  EXPECT_TRUE(read().empty());
  EXPECT_NE(why_.find("nowhere"), std::string::npos) << why_;
}

TEST_F(ReadingFiles, RefusesTooManyAndSaysAtWhichFile) {
  for (int i = 0; i < 2000; ++i) put("many/" + std::to_string(10000 + i) + ".txt", "");
  EXPECT_TRUE(read().empty());
  EXPECT_NE(why_.find("2,000 files"), std::string::npos) << why_;
  EXPECT_NE(why_.find("many/11999.txt"), std::string::npos) << why_;
}

TEST_F(ReadingFiles, RefusesTooMuchAndSaysAtWhichFile) {
  put("a.mp4");
  put("z.txt");
  fs::resize_file(site_ / "a.mp4", std::uintmax_t{65} << 20U);
  EXPECT_TRUE(read().empty());
  EXPECT_NE(why_.find("64 MiB"), std::string::npos) << why_;
  EXPECT_NE(why_.find("a.mp4"), std::string::npos) << why_;
  fs::resize_file(site_ / "a.mp4", std::uintmax_t{40} << 20U);
  fs::copy(site_ / "a.mp4", site_ / "b.mp4");
  EXPECT_TRUE(read().empty());
  EXPECT_NE(why_.find("b.mp4"), std::string::npos) << why_;
}

TEST_F(ReadingFiles, RefusesMoreNamesThanItCanLookAt) {
  for (int i = 0; i < 12; ++i) {
    const std::string folder = "d" + std::to_string(i) + "/";
    put(folder + "only.key");
    for (int j = 0; j < 12; ++j) {
      if (i != j) link(folder + std::to_string(j), "../d" + std::to_string(j));
    }
  }
  EXPECT_TRUE(read().empty());
  EXPECT_NE(why_.find("20,000th name"), std::string::npos) << why_;
}

TEST_F(ReadingFiles, RefusesFoldersThatLieTooDeep) {
  std::string deep;
  for (int i = 0; i < 17; ++i) deep += "d/";
  put(deep + "x.js");
  EXPECT_TRUE(read().empty());
  EXPECT_NE(why_.find("too deep"), std::string::npos) << why_;
}

}  // namespace
}  // namespace portero
