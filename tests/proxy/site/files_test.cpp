// The page's files: what is read, what is refused, how it is answered.
#include "proxy/site/files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "proxy/site/page_policy.h"
#include "proxy/site/read_files.h"
#include "tests/proxy/gate/loopback.h"

namespace portero {
namespace {

namespace fs = std::filesystem;

/// A directory of its own that goes when the test does.
class Files : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = "/tmp/portero-files-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    root_ = fs::path(name);
    site_ = root_ / "site";
    put("index.html", "<p>page");
    put("index.html.br", "brotli");
    put("web/app.js", "code");
    put("web/index.html", "<p>sub");
  }
  void TearDown() override { fs::remove_all(root_); }

  void put(const std::string& name, const std::string& text) const {
    const fs::path path = site_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  FileMap read(const std::vector<std::string>& forbidden = {}) {
    Result<FileMap, Problem> files = read_files(site_.string(), forbidden);
    why_ = files ? "" : files.error().text();
    return files ? std::move(*files) : FileMap();
  }

  fs::path root_;
  fs::path site_;
  std::string why_;
};

TEST_F(Files, AreFoundByTheirRequestPath) {
  const FileMap files = read();
  EXPECT_EQ(why_, "");
  std::vector<std::string> paths;
  for (const auto& [path, file] : files) paths.push_back(path);
  EXPECT_EQ(paths, (std::vector<std::string>{"/", "/index.html", "/web/", "/web/app.js",
                                             "/web/index.html"}));
  EXPECT_EQ(files.at("/").body, "<p>page");
  EXPECT_EQ(files.at("/").br, "brotli");
  EXPECT_EQ(files.at("/web/").body, "<p>sub");
}

TEST_F(Files, LeaveOutWhatIsNotForVisitors) {
  for (const char* name : {".env", ".hidden/x.js", "a.php", "LICENSE", "b c.js", "key.pem", "~x.js",
                           "a.js.bak", "portero.conf", "-x.sh", "lone.br"}) {
    put(name, "x");
  }
  fs::create_symlink("/etc/passwd", site_ / "passwd.txt");
  fs::create_directory_symlink("/etc", site_ / "etc");
  EXPECT_EQ(read().size(), 5U);
  EXPECT_EQ(why_, "");
}

TEST_F(Files, RefuseADirectoryThatHoldsASecret) {
  put("deep/secret", "s");
  EXPECT_TRUE(read({(site_ / "deep/secret").string()}).empty());
  EXPECT_TRUE(has(why_, "deep/secret")) << why_;
  EXPECT_TRUE(read({(site_ / "web/../not-there-yet").string()}).empty());
  EXPECT_FALSE(read({(root_ / "secret").string(), "", (root_ / "site-secret").string()}).empty());
  EXPECT_EQ(why_, "");
}

TEST_F(Files, RefuseADirectoryThatHoldsASecretHoweverItIsNamed) {
  put("deep/secret", "s");
  fs::create_directory_symlink(site_, root_ / "linked");
  fs::create_symlink(site_ / "deep/secret", root_ / "link");
  for (const fs::path& name : {root_ / "linked/deep/secret", root_ / "link",
                               fs::relative(site_ / "deep/secret"), site_ / "./x/../deep/secret"}) {
    EXPECT_TRUE(read({name.string()}).empty()) << name;
    EXPECT_TRUE(has(why_, "not for visitors")) << why_;
  }
}

TEST_F(Files, RefuseACheckout) {
  put(".git/config", "x");
  EXPECT_TRUE(read().empty());
  EXPECT_TRUE(has(why_, ".git")) << why_;
}

TEST_F(Files, RefuseARepositoryBelowAndAGitFile) {
  put("web/.git", "gitdir: elsewhere");
  EXPECT_TRUE(read().empty());
}

TEST_F(Files, RefuseToServeFromInsideARepositorysData) {
  site_ = root_ / ".git" / "x";
  put("index.html", "x");
  EXPECT_TRUE(read().empty());
  EXPECT_TRUE(has(why_, ".git"));
}

TEST_F(Files, RefuseADirectoryThatIsNotThere) {
  site_ = root_ / "nowhere";
  EXPECT_TRUE(read().empty());
  EXPECT_TRUE(has(why_, "nowhere"));
}

TEST_F(Files, RefuseTooMany) {
  for (int i = 0; i < 2000; ++i) put("many/" + std::to_string(i) + ".txt", "");
  EXPECT_TRUE(read().empty());
  EXPECT_TRUE(has(why_, "2,000"));
}

TEST_F(Files, AreAnsweredWithTheirTypeTagAndPolicy) {
  const auto files = std::make_shared<const FileMap>(read());
  const auto page = respond_with_file(files, "/", "", "", "the policy");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->status, 200);
  EXPECT_EQ(*page->shared_body, "<p>page");
  EXPECT_EQ(*find_header(page->headers, "Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(*find_header(page->headers, "Content-Security-Policy"), "the policy");
  EXPECT_EQ(*find_header(page->headers, "Referrer-Policy"), "no-referrer");
  EXPECT_EQ(*find_header(page->headers, "Cache-Control"), "no-cache");
  EXPECT_EQ(*find_header(page->headers, "Vary"), "Accept-Encoding");
  EXPECT_EQ(find_header(page->headers, "ETag")->size(), 66U);
  const auto code = respond_with_file(files, "/web/app.js", "", "br", "the policy");
  ASSERT_TRUE(code);
  EXPECT_EQ(find_header(code->headers, "Content-Security-Policy"), nullptr);
  EXPECT_EQ(find_header(code->headers, "Vary"), nullptr);
  EXPECT_EQ(find_header(code->headers, "Content-Encoding"), nullptr);
}

TEST_F(Files, AreCompressedWhenAsked) {
  const auto files = std::make_shared<const FileMap>(read());
  struct Case {
    const char* accepted;
    bool br;
  };
  for (const Case& test :
       {Case{"br", true}, Case{"gzip, deflate, br", true}, Case{"br;q=1.0", true},
        Case{"br;q=0.5", true}, Case{"br;q=0", false}, Case{"br; q=0.0", false},
        Case{"gzip", false}, Case{"", false}, Case{"brotli", false}}) {
    const auto page = respond_with_file(files, "/", "", test.accepted, "p");
    EXPECT_EQ(*page->shared_body == "brotli", test.br) << test.accepted;
    EXPECT_EQ(find_header(page->headers, "Content-Encoding") != nullptr, test.br) << test.accepted;
  }
}

TEST_F(Files, AreNotSentAgainWhenUnchanged) {
  const auto files = std::make_shared<const FileMap>(read());
  const std::string tag = *find_header(respond_with_file(files, "/", "", "", "p")->headers, "ETag");
  const std::string br =
      *find_header(respond_with_file(files, "/", "", "br", "p")->headers, "ETag");
  EXPECT_NE(tag, br);
  for (const std::string& given : {tag, "W/" + tag, "\"a\", " + tag, std::string("*")}) {
    const auto page = respond_with_file(files, "/", given, "", "p");
    EXPECT_EQ(page->status, 304) << given;
    EXPECT_EQ(page->shared_body, nullptr);
    EXPECT_EQ(*find_header(page->headers, "ETag"), tag);
  }
  EXPECT_EQ(respond_with_file(files, "/", br, "", "p")->status, 200);
  EXPECT_EQ(respond_with_file(files, "/", br, "br", "p")->status, 304);
}

TEST_F(Files, NoRequestPathReachesOutside) {
  std::ofstream(root_ / "outside.txt") << "OUTSIDE";
  const RunningGate gate(
      [](const Request&, const Deliver& deliver) { deliver(make_problem(Error::kNotFound)); },
      make_settings(), read());
  for (const char* target :
       {"/../outside.txt", "/web/../../outside.txt", "/%2e%2e/outside.txt", "/..%2foutside.txt",
        "/web/..\\..\\outside.txt", "//etc/passwd", "/etc/passwd", "/./index.html", "/web/./app.js",
        "/web//app.js", "/index.html/", "/index.html%00", "/INDEX.HTML", "/.git/config", "/web",
        "/index.html.br", "/index.html;x", "/%69ndex.html"}) {
    const std::string answer =
        ask(gate.port(), std::string("GET ") + target + " HTTP/1.1\r\nHost: p\r\n\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 404")) << target << "\n" << answer;
  }
}

TEST_F(Files, AreServedWithTheCallbacksQueryAndNoRange) {
  GateConfig config = make_config(echo_target, make_settings(), read());
  config.page_policy = make_page_policy(GithubSettings().url);
  const RunningGate gate(std::move(config));
  const std::string answer = ask(
      gate.port(), "GET /?code=a&state=portero.b HTTP/1.1\r\nHost: p\r\nRange: bytes=0-1\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK")) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\n<p>page"));
  EXPECT_TRUE(has(answer, "Cache-Control: no-cache\r\n"));
  EXPECT_FALSE(has(answer, "no-store"));
  EXPECT_TRUE(has(answer, "frame-ancestors 'none'"));
  const std::string post =
      ask(gate.port(), "POST / HTTP/1.1\r\nHost: p\r\nContent-Length: 0\r\n\r\n");
  EXPECT_TRUE(post.starts_with("HTTP/1.1 405")) << post;
  EXPECT_TRUE(has(post, "Allow: GET, HEAD\r\n"));
}

}  // namespace
}  // namespace portero
