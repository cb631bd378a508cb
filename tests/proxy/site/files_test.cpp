// How the page's files are answered: headers, codings, redirects; and what no request path reaches.
#include "proxy/site/files.h"

#include "proxy/site/page_policy.h"
#include "tests/proxy/gate/loopback.h"
#include "tests/proxy/site/folder.h"

namespace portero {
namespace {

class Files : public Folder {
 protected:
  void SetUp() override {
    Folder::SetUp();
    put("index.html", "<p>page");
    put("index.html.br", "brotli");
    put("web/app.js", "code");
    put("web/index.html", "<p>sub");
  }
};

TEST_F(Files, AreAnsweredWithTheirTypeTagAndPolicy) {
  const auto files = std::make_shared<const FileMap>(read());
  const auto page = respond_with_file(files, "/", "", "");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->status, 200);
  EXPECT_EQ(*page->shared_body, "<p>page");
  EXPECT_EQ(*find_header(page->headers, "Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(*find_header(page->headers, "Content-Security-Policy"),
            make_page_policy(GithubSettings().url));
  EXPECT_EQ(*find_header(page->headers, "Referrer-Policy"), "no-referrer");
  EXPECT_EQ(*find_header(page->headers, "Cache-Control"), "no-cache");
  EXPECT_EQ(*find_header(page->headers, "Vary"), "Accept-Encoding");
  EXPECT_EQ(find_header(page->headers, "ETag")->size(), 66U);
  const auto code = respond_with_file(files, "/web/app.js", "", "br");
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
    const auto page = respond_with_file(files, "/", "", test.accepted);
    EXPECT_EQ(*page->shared_body == "brotli", test.br) << test.accepted;
    EXPECT_EQ(find_header(page->headers, "Content-Encoding") != nullptr, test.br) << test.accepted;
  }
}

TEST_F(Files, AreNotSentAgainWhenUnchanged) {
  const auto files = std::make_shared<const FileMap>(read());
  const std::string tag = *find_header(respond_with_file(files, "/", "", "")->headers, "ETag");
  const std::string br = *find_header(respond_with_file(files, "/", "", "br")->headers, "ETag");
  EXPECT_NE(tag, br);
  for (const std::string& given : {tag, "W/" + tag, "\"a\", " + tag, std::string("*")}) {
    const auto page = respond_with_file(files, "/", given, "");
    EXPECT_EQ(page->status, 304) << given;
    EXPECT_EQ(page->shared_body, nullptr);
    EXPECT_EQ(*find_header(page->headers, "ETag"), tag);
  }
  EXPECT_EQ(respond_with_file(files, "/", br, "")->status, 200);
  EXPECT_EQ(respond_with_file(files, "/", br, "br")->status, 304);
}

TEST_F(Files, NoRequestPathReachesOutside) {
  std::ofstream(root_ / "outside.txt") << "OUTSIDE";
  const RunningGate gate(
      [](const Request&, const Deliver& deliver) { deliver(make_problem(Error::kNotFound)); },
      make_settings(), read());
  for (const char* target :
       {"/../outside.txt", "/web/../../outside.txt", "/%2e%2e/outside.txt", "/..%2foutside.txt",
        "/web/..\\..\\outside.txt", "//etc/passwd", "/etc/passwd", "/./index.html", "/web/./app.js",
        "/web//app.js", "/index.html/", "/index.html%00", "/INDEX.HTML", "/.git/config", "/we",
        "/index.html.br", "/index.html;x", "/%69ndex.html"}) {
    const std::string answer =
        ask(gate.port(), std::string("GET ") + target + " HTTP/1.1\r\nHost: p\r\n\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 404")) << target << "\n" << answer;
  }
}

std::string get(int port, const std::string& target, const std::string& method = "GET") {
  RawClient client(port);
  client.send(method + " " + target + " HTTP/1.1\r\nHost: p\r\nContent-Length: 0\r\n\r\n");
  return client.read_answer(method != "HEAD");
}

TEST_F(Files, OfAFolderAreFoundWithoutItsSlash) {
  put("b\xc3\xbc"
      "cher/ @[1]/index.html",
      "<p>deep");
  put(".well-known/index.html", "<p>known");
  put("empty/x.js", "code");
  const RunningGate gate(echo_target, make_settings(), read());
  struct Case {
    const char* target;
    const char* location;  // empty: 404
  };
  for (const Case& test :
       {Case{"/web", "/web/"}, Case{"/web?", "/web/?"},
        Case{"/web?code=a&state=portero.b&iss=https%3A%2F%2Fgithub.com",
             "/web/?code=a&state=portero.b&iss=https%3A%2F%2Fgithub.com"},
        Case{"/web?//evil.example/", "/web/?//evil.example/"}, Case{"/web??x", "/web/??x"},
        Case{"/b%C3%BC"
             "cher/%20@[1]?q=%c3",
             "/b%C3%BC"
             "cher/%20@[1]/?q=%c3"},
        Case{"/.well-known", "/.well-known/"},
        Case{"/b%C3%BC"
             "cher",
             ""},
        Case{"/b%c3%bc"
             "cher/%20@[1]",
             ""},
        Case{"/empty", ""}, Case{"//web", ""}, Case{"/web//", ""}, Case{"/./web", ""},
        Case{"//evil.example/web", ""}, Case{"/web/app.js/", ""}, Case{"/we%62", ""},
        Case{"/WEB", ""}, Case{"/web;x", ""}, Case{"/web%3Fx", ""}}) {
    for (const char* method : {"GET", "HEAD"}) {
      const std::string answer = get(gate.port(), test.target, method);
      const bool moves = *test.location != '\0';
      EXPECT_TRUE(answer.starts_with(moves ? "HTTP/1.1 301 Moved Permanently\r\n" : "HTTP/1.1 404"))
          << test.target << "\n"
          << answer;
      EXPECT_EQ(has(answer, "Location: "), moves) << test.target;
      EXPECT_EQ(has(answer, "\r\nLocation: " + std::string(test.location) + "\r\n"), moves)
          << answer;
    }
  }
  const std::string moved = get(gate.port(), "/web?code=a");
  EXPECT_TRUE(has(moved, "\r\nContent-Length: 0\r\n")) << moved;
  EXPECT_TRUE(has(moved, "\r\nCache-Control: no-cache\r\n")) << moved;
  EXPECT_TRUE(has(moved, "\r\nReferrer-Policy: no-referrer\r\n")) << moved;
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS"}) {
    const std::string answer = get(gate.port(), "/web", method);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 405")) << answer;
    EXPECT_TRUE(has(answer, "\r\nAllow: GET, HEAD\r\n")) << answer;
    EXPECT_FALSE(has(answer, "Location")) << answer;
  }
}

TEST_F(Files, HaveOneAddressEach) {
  put("a b@\xc3\xbc[~]+$'.png", "picture");
  const RunningGate gate(echo_target, make_settings(), read());
  EXPECT_TRUE(has(get(gate.port(), "/a%20b@%C3%BC[~]+$'.png"), "\r\n\r\npicture"));
  for (const char* target :
       {"/a+b@%C3%BC[~]+$'.png", "/a%20b%40%C3%BC[~]+$'.png", "/a%20b@%c3%bc[~]+$'.png",
        "/a%20b@%C3%BC%5B~%5D+$'.png", "/a%20b@%C3%BC[%7E]+$'.png", "/a%20b@%C3%BC[~]%2B$'.png",
        "/a%20b@%C3%BC[~]+%24'.png", "/a%20b@%C3%BC[~]+$%27.png", "/a%20b@u%CC%88[~]+$'.png",
        "/a%2520b@%25C3%25BC[~]+$'.png", "/a%20b@%C3%BC[~]+$'%2Epng",
        "/%61%20b@%C3%BC[~]+$'.png"}) {
    const std::string answer = get(gate.port(), target);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 404")) << target << "\n" << answer;
  }
}

TEST_F(Files, OfPagesBehindTlsAreIsolatedFromWindowsThatOpenedThem) {
  for (const auto& [url, isolated] :
       {std::pair{"https://login.example", true}, std::pair{"http://localhost:8080", false},
        std::pair{"", false}}) {
    public_url_ = url;
    const auto files = std::make_shared<const FileMap>(read());
    const auto page = respond_with_file(files, "/", "", "");
    EXPECT_EQ(find_header(page->headers, "Cross-Origin-Opener-Policy") != nullptr, isolated) << url;
    const auto code = respond_with_file(files, "/web/app.js", "", "");
    EXPECT_EQ(find_header(code->headers, "Cross-Origin-Opener-Policy"), nullptr) << url;
  }
}

TEST_F(Files, OfPagesLetTheirOwnImportMapRun) {
  put("mapped.html", "<!doctype html><script type=importmap>{}</script>");
  const RunningGate gate(echo_target, make_settings(), read());
  // printf %s '{}' | openssl dgst -sha256 -binary | base64
  const std::string source = "'sha256-RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o='";
  const std::string mapped = get(gate.port(), "/mapped.html");
  EXPECT_TRUE(has(mapped, "script-src 'self' 'wasm-unsafe-eval' " + source + ";")) << mapped;
  EXPECT_FALSE(has(get(gate.port(), "/"), "sha256-"));
}

TEST_F(Files, AreServedWithTheCallbacksQueryAndNoRange) {
  const RunningGate gate(echo_target, make_settings(), read());
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
