// A page and its host, as `portero check` judges them: what a host answers, and the lines that come
// of it.
#include "proxy/check/pages.h"

#include <gtest/gtest.h>

#include <map>
#include <sstream>

namespace portero {
namespace {

constexpr std::string_view kOrigin = "https://page.example";
const std::string kPortero = "(()=>{const o=Symbol.for('portero');document.currentScript})()";
const std::string kTag = "<script src=\"web/portero.js\"></script>";
const std::string kGood = "<!doctype html>" + kTag;

UpstreamReply answer(std::string body,
                     std::vector<Header> headers = {{"Content-Type", "text/html"}}) {
  return {.status = 200, .headers = std::move(headers), .body = std::move(body)};
}

UpstreamReply moved(const std::string& to, int status = 301) {
  return {.status = status, .headers = {{"Location", to}}, .body = ""};
}

/// Some hosts: what is asked for, with or without its query, and what they answer. Else 404, or
/// silence.
struct Web {
  std::map<std::string, UpstreamReply> answers;
  std::map<std::string, Error> silent;
  std::vector<UpstreamRequest> asked;

  /// The files of a release below `folder`, which ends with a slash.
  void put_files(const std::string& folder) {
    const std::vector<Header> script = {{"Content-Type", "text/javascript; charset=utf-8"}};
    answers[folder + "web/portero.js"] = answer(kPortero, script);
    answers[folder + "web/index.js"] = answer("import './client.js'", script);
    answers[folder + "portero.wasm"] = answer(std::string("\0asm\1\0\0\0", 8), {});
  }

  Result<UpstreamReply> fetch(const UpstreamRequest& request) {
    asked.push_back(request);
    const std::string path = request.url.substr(0, request.url.find('?'));
    const auto silence = silent.find(path);
    if (silence != silent.end()) return silence->second;
    for (const std::string& url : {request.url, path}) {
      const auto found = answers.find(url);
      if (found != answers.end()) return found->second;
    }
    return UpstreamReply{.status = 404, .headers = {}, .body = ""};
  }
};

/// What is said of the page at `redirect_uri`.
std::string check(Web& web, const std::string& redirect_uri = "https://page.example/",
                  const std::string& public_url = "",
                  const std::string& github = "https://github.com") {
  ReadSettings read;
  read.settings.github.url = github;
  read.settings.public_url = public_url;
  Site site;
  site.redirect_uri = redirect_uri;
  site.origin = redirect_uri.substr(0, redirect_uri.find('/', 8));
  CheckInput input{read, "", 0};
  input.begin_public = [&] {
    return [&](const UpstreamRequest& request) { return web.fetch(request); };
  };
  std::ostringstream said;
  Report report{said};
  check_page(input, site, report);
  for (const UpstreamRequest& request : web.asked) EXPECT_EQ(request.method, "GET");
  return said.str();
}

/// Of a page at the root whose host has all files.
std::string check(const UpstreamReply& page, const std::string& public_url = "") {
  Web web;
  web.put_files("https://page.example/");
  web.answers["https://page.example/"] = page;
  return check(web, "https://page.example/", public_url);
}

const std::string kOk = "ok   https://page.example/ is there, and its policy lets it work\n";
const std::string kOkBare = "ok   https://page.example/ is there, without a policy\n";

bool has(const std::string& said, std::string_view part) {
  return said.find(part) != std::string::npos;
}

TEST(CheckPage, IsAskedForAsGithubSendsVisitorsToIt) {
  Web web;
  web.put_files("https://page.example/");
  web.answers["https://page.example/"] = answer(kGood);
  EXPECT_EQ(check(web), kOkBare);
  EXPECT_EQ(web.asked.at(0).url, "https://page.example/?code=x&state=y");
  Web other;
  other.answers["https://page.example/?page=2&code=x&state=y"] = answer(kGood);
  other.put_files("https://page.example/");
  EXPECT_EQ(check(other, "https://page.example/?page=2"),
            "ok   https://page.example/?page=2 is there, without a policy\n");
}

TEST(CheckPage, NamesWhereARedirectLeadsAndWhatBecomesOfTheQuery) {
  struct Case {
    std::string_view location;  // of /app
    int status;
    std::string_view said;
  };
  const std::string at = "FAIL https://page.example/app: ";
  for (
      const Case& one : std::vector<Case>{
          {"/app/?code=x&state=y", 301,
           "answers 301 and leads to https://page.example/app/, with the query; set redirect_uri "
           "to https://page.example/app/ and "
           "register that at GitHub"},
          {"https://page.example/app/?state=y&code=x&more", 308,
           "answers 308 and leads to https://page.example/app/?more, with the query; set "
           "redirect_uri to "
           "https://page.example/app/?more and register that at GitHub"},
          {"app/", 307,
           "answers 307 and leads to https://page.example/app/, but drops the query, so visitors "
           "come back signed out; set "
           "redirect_uri to https://page.example/app/ and register that at GitHub"},
          {"/app/?code=x", 302,
           "answers 302 and leads to https://page.example/app/, but drops the query, so visitors "
           "come back signed out; set "
           "redirect_uri to https://page.example/app/ and register that at GitHub"},
          {"http://page.example:8080/app/?code=x&state=y", 301,
           "answers 301 and leads to http://page.example:8080/app/?code=x&state=y, which is plain "
           "http; set redirect_uri to "
           "https://page.example/app/ and register that at GitHub, so that nothing is redirected"},
          {"http://127.0.0.1:8080/app/", 301,
           "answers 301 and leads to http://127.0.0.1:8080/app/, which only the host itself can "
           "reach, and drops the query; set redirect_uri to https://page.example/app/ and register "
           "that at GitHub, so that nothing is redirected"},
          {"https://www.page.example/app/?code=x&state=y", 301,
           "answers 301 and leads to https://www.page.example/app/, with the query; if the page "
           "is "
           "there, list https://www.page.example under `origins`, with "
           "https://www.page.example/app/ as its redirect_uri, and register that at GitHub; else "
           "let "
           "everybody read the page here"},
          {"/gone", 301,
           "answers 301 and leads to https://page.example/gone, which answers 404; put the page "
           "there, or correct "
           "redirect_uri"},
          {"/app?code=x&state=y", 301,
           "answers 301 and leads to itself; let the host answer it with the page, or write an "
           "address that it answers so"},
          {"/round", 301,
           "answers 301 and leads on and on, at last to https://page.example/round2, and drops the "
           "query; let the host answer it with the page, or write an address that it answers so"},
          {"mailto:a@page.example", 301,
           "answers 301 and leads to mailto:a@page.example, which is no web address; let the host "
           "answer it with the page, or write an address that it answers so"},
          {"/silent", 303,
           "answers 303 and leads to https://page.example/silent, which cannot be reached; check "
           "the network, the "
           "firewall and whether it runs"},
      }) {
    Web web;
    web.put_files("https://page.example/app/");
    web.answers["https://page.example/app"] = moved(std::string(one.location), one.status);
    web.answers["https://page.example/app/"] = answer(kGood);
    web.answers["https://www.page.example/app/"] = answer(kGood);
    web.answers["https://page.example/round"] = moved("/round2");
    web.answers["https://page.example/round2"] = moved("/round");
    web.silent["https://page.example/silent"] = Error::kUpstreamUnreachable;
    EXPECT_EQ(check(web, "https://page.example/app"), at + std::string(one.said) + "\n")
        << one.location;
    for (const UpstreamRequest& request : web.asked)
      EXPECT_TRUE(request.url.starts_with("https://")) << request.url;
    EXPECT_LE(web.asked.size(), 8U);
  }
}

TEST(CheckPage, NamesARedirectWithoutAnAddressOrWithTwo) {
  Web web;
  web.answers["https://page.example/"] = {.status = 302, .headers = {}, .body = ""};
  EXPECT_TRUE(has(check(web), "FAIL https://page.example/: answers 302 and names no Location; "));
  Web two;
  two.answers["https://page.example/"] = {
      .status = 302, .headers = {{"Location", "/a"}, {"location", "/b"}}, .body = ""};
  EXPECT_TRUE(has(check(two), "answers 302 and has 2 Location headers; "));
}

TEST(CheckPage, IsNotThere) {
  Web missing;
  EXPECT_EQ(
      check(missing),
      "FAIL https://page.example/: answers 404; put the page there, or correct redirect_uri\n");
  Web guarded;
  guarded.answers["https://page.example/"] = {.status = 401, .headers = {}, .body = "no"};
  EXPECT_EQ(check(guarded),
            "FAIL https://page.example/: answers 401; let everybody read the page: GitHub sends "
            "visitors there\n");
  Web queried;  // a host that knows the address only as it is written
  queried.answers["https://page.example/?code=x&state=y"] = {
      .status = 404, .headers = {}, .body = ""};
  queried.answers["https://page.example/"] = answer(kGood);
  EXPECT_TRUE(has(check(queried), "answers 404 to ?code=x&state=y, but 200 without a query; "));
  Web far;
  far.silent["https://page.example/"] = Error::kUpstreamUnreachable;
  EXPECT_TRUE(check(far).starts_with(
      "warn https://page.example/: cannot be reached from here, so neither"));
  Web slow;
  slow.silent["https://page.example/"] = Error::kUpstreamTimeout;
  EXPECT_TRUE(check(slow).starts_with("FAIL https://page.example/: does not answer within 8 s; "));
}

TEST(CheckPage, IsNoPage) {
  const std::string html = "text/html";
  for (const auto& [page, said] : std::vector<std::pair<UpstreamReply, std::string_view>>{
           {answer(""), "answers 200 with an empty page; "},
           {answer(" \r\n"), "answers 200 with an empty page; "},
           {answer(kGood, {{"Content-Type", "text/plain"}}),
            "is sent as `text/plain`, so browsers do not show it as a page; "},
           {answer(kGood, {{"Content-Type", "application/octet-stream"}}),
            "is sent as `application/octet-stream`"},
           {answer(kGood, {{"Content-Type", html}, {"content-type", html}}),
            "has Content-Type 2 times; "},
           {answer(kGood,
                   {{"Content-Type", html}, {"Content-Disposition", "Attachment; filename=a"}}),
            "browsers save it; "},
           {answer("\x1f\x8b\x08 and more"),
            "is compressed without Content-Encoding: gzip, or twice, so browsers cannot read it; "},
           {answer("<meta http-equiv=Refresh content=\"0; URL='../app/'\">"),
            "only leads on to https://page.example/app/, without the query, so visitors come back "
            "signed out; set redirect_uri to that"},
           {answer("moved", {{"Content-Type", html}, {"Refresh", "0;/there"}}),
            "only leads on to https://page.example/there, "},
           {answer("<script>" + kPortero + "</script>"),
            "holds portero.js itself, which finds its other files by its own address; "},
       }) {
    EXPECT_TRUE(has(check(page), "FAIL https://page.example/: ")) << said;
    EXPECT_TRUE(has(check(page), said)) << check(page);
  }
  EXPECT_EQ(check(answer(kGood, {{"Content-Type", "Text/HTML ; charset=utf-8"}})), kOkBare);
  EXPECT_EQ(check(answer(kGood, {})), kOkBare) << "browsers guess";
  EXPECT_EQ(check(answer(kGood, {{"Content-Type", "application/xhtml+xml"}})), kOkBare);
}

TEST(CheckPage, IsAPageThatAHostGivesForEveryAddress) {
  Web web;
  web.put_files("https://page.example/");
  const UpstreamReply root = answer("<!doctype html><script src=\"/web/portero.js\"></script>");
  for (const char* path : {"/", "/app/", "/portero-check-no-such-page"})
    web.answers[std::string(kOrigin) + path] = root;
  EXPECT_EQ(check(web), kOkBare) << "the root's page is the root's";
  const std::string said = check(web, "https://page.example/app/");
  EXPECT_TRUE(
      said.starts_with("warn https://page.example/app/: is answered with the page that this host "
                       "gives for every unknown "
                       "address, "))
      << said;
  web.answers["https://page.example/portero-check-no-such-page"] = answer("not found");
  EXPECT_EQ(check(web, "https://page.example/app/"),
            "ok   https://page.example/app/ is there, without a policy\n");
}

TEST(CheckPage, IsJudgedByItsHeadWhenItIsLong) {
  UpstreamReply page = answer(kGood);
  page.is_cut = true;
  EXPECT_EQ(check(page),
            "warn https://page.example/: is longer than 256 kB, so only its beginning was judged; "
            "put the policy and "
            "portero.js first in its head\n" +
                kOkBare);
}

TEST(CheckScript, MayComeByABundle) {
  const std::string said =
      check(answer("<!doctype html><script type=module src=\"/assets/main-4f2a91.js\"></script>"));
  EXPECT_TRUE(
      said.starts_with("warn https://page.example/: no portero.js in its HTML: looked for a "
                       "<script src> whose file is "
                       "portero.js, portero.min.js or portero-HASH.js; "))
      << said;
  EXPECT_TRUE(said.ends_with(kOkBare));
  for (const char* other : {"portero-client.js", "xportero.js", "portero.css", "portero.js/x.js",
                            "portero.mjs", "x?portero.js"}) {
    EXPECT_TRUE(has(check(answer("<script src=\"" + std::string(other) + "\"></script>")),
                    "no portero.js in its HTML"))
        << other;
  }
  EXPECT_TRUE(has(check(answer("<!--" + kTag + "-->")), "no portero.js in its HTML"));
  EXPECT_TRUE(has(check(answer("<template>" + kTag + "</template>")), "no portero.js in its HTML"));
}

TEST(CheckScript, EndsBeforeWhatFollowsIt) {
  const std::string open = "<script src=\"web/portero.js\"";
  for (const char* rest :
       {"/><p>", "/>", " /><github-sign-in></github-sign-in><script>1</script>", "><p>text"}) {
    const std::string said = check(answer(open + rest));
    EXPECT_TRUE(has(said,
                    "FAIL https://page.example/: its tag of portero.js has no </script>, and "
                    "\"/>\" ends none in HTML, so browsers take what follows for its text; write "
                    "<script src=\"web/portero.js\"></script>\n"))
        << rest << said;
    EXPECT_FALSE(has(said, "no portero.js")) << said;
  }
  for (const char* rest : {"/></script>", "/>\n</script >", "> </script><p>", ">1</script>"}) {
    EXPECT_EQ(check(answer(open + rest)), kOkBare) << rest;
  }
  const std::string xhtml = "<html><head>" + open + "/><title/></head><body>x</body></html>";
  EXPECT_EQ(check(answer(xhtml, {{"Content-Type", "application/xhtml+xml; charset=utf-8"}})),
            kOkBare)
      << "in XML each element may close itself";
}

TEST(CheckScript, RunsOnlyAsAPlainScript) {
  for (const auto& [attributes, said] : std::vector<std::pair<std::string_view, std::string_view>>{
           {"type=module",
            "FAIL https://page.example/: loads portero.js as a module, where it cannot find its "
            "own files; write "
            "<script src=\"web/portero.js\"></script>\n"},
           {"type=' Module '", "loads portero.js as a module"},
           {"nomodule", "has nomodule, so today's browsers skip it; "},
           {"type=text/plain",
            "has type=\"text/plain\" (a consent tool may have written it), so browsers do not run "
            "it; "},
           {"type='text/javascript; charset=utf-8'", "so browsers do not run it; "},
           {"language=vbscript", "has type=\"text/vbscript\""},
           {"defer", "warn https://page.example/: loads portero.js with async or defer, "},
           {"async", "warn https://page.example/: loads portero.js with async or defer, "},
       }) {
    const std::string page =
        "<script " + std::string(attributes) + " src=\"web/portero.js\"></script>";
    EXPECT_TRUE(has(check(answer(page)), said)) << check(answer(page));
  }
  for (const char* attributes : {"type=''", "type=Text/JavaScript", "language=JavaScript",
                                 "type=application/x-javascript", "nonce=a"}) {
    EXPECT_EQ(check(answer("<script " + std::string(attributes) + " src=web/portero.js></script>")),
              kOkBare)
        << attributes;
  }
  EXPECT_EQ(check(answer("<script type=text/plain src=portero.js></script>" + kTag)), kOkBare)
      << "one that runs is enough";
}

TEST(CheckScript, IsFoundAtTheAddressThatThePageMeans) {
  for (const char* tag :
       {"<base href=\"/app/\"><script src=\"../web/portero.js?v=3#x\"></script>",
        "<script src=\" /web/portero.js \"></script><base href=\"https://cdn.example/\">",
        "<base target=_top><base href=\"/x/\"><script src=\"/web/portero.js\"></script>",
        "<script src=\"web&#x2F;portero&period;js\"></script>",
        "<template><base href=\"https://cdn.example/\"></template><script "
        "src=\"web/portero.js\"></script>",
        "<base href=\"data:x\"><script src=\"web/portero.js\"></script>"}) {
    EXPECT_EQ(check(answer(tag)), kOkBare) << tag;
  }
  const std::string based = "<base href=\"https://cdn.example/\">" + kTag;
  EXPECT_TRUE(has(
      check(answer(based)),
      "its script web/portero.js means https://cdn.example/web/portero.js, which answers 404; "));
  EXPECT_EQ(check(answer(based, {{"Content-Security-Policy", "base-uri 'self'"}})), kOk)
      << "the policy ignores it";
  EXPECT_TRUE(has(check(answer("<script src=\"http://page.example/web/portero.js\"></script>")),
                  "which is plain http, which browsers block on an https page; "));
  EXPECT_TRUE(has(check(answer("<script src=\"//localhost/portero.js\"></script>")),
                  "which only the visitor's own machine could answer"));
  EXPECT_TRUE(
      has(check(answer("<script src=\"blob:x/portero.js\"></script>")), "has no web address; "));
}

TEST(CheckScript, IsNamedWithBothFixesWhereThePageIsAnsweredWithoutItsSlash) {
  const std::string said =
      "FAIL https://page.example/app: is answered without its slash, so its script web/portero.js "
      "means "
      "https://page.example/web/portero.js, which answers 404; set redirect_uri to "
      "https://page.example/app/ and register that at "
      "GitHub, or, where the host drops the slash, write the script's address from the root: "
      "<script "
      "src=\"/app/web/portero.js\"></script>\n";
  Web web;
  web.put_files("https://page.example/app/");
  web.answers["https://page.example/app"] = answer(kGood);
  EXPECT_EQ(check(web, "https://page.example/app"), said);
  web.answers["https://page.example/app/"] = moved("/app");  // as hosts that drop slashes do
  EXPECT_EQ(check(web, "https://page.example/app"), said);
  web.answers["https://page.example/web/portero.js"] =
      answer("<!doctype html><p>home");  // a fallback
  EXPECT_TRUE(has(check(web, "https://page.example/app"),
                  "which answers with a page, as the host does for every unknown address; set "));
  Web rooted;
  rooted.put_files("https://page.example/app/");
  rooted.answers["https://page.example/app"] =
      answer("<script src=\"/app/web/portero.js\"></script>");
  EXPECT_EQ(check(rooted, "https://page.example/app"),
            "ok   https://page.example/app is there, without a policy\n");
  Web nowhere;
  nowhere.answers["https://page.example/app"] = answer(kGood);
  EXPECT_TRUE(has(check(nowhere, "https://page.example/app"),
                  "its script web/portero.js means https://page.example/web/portero.js, "
                  "which answers 404; put portero's folder web"));
}

TEST(CheckScript, IsPorterosAndSoIsWhatItLoads) {
  struct Case {
    std::string path;
    UpstreamReply reply;
    std::string said;
  };
  const auto script = [](std::string body, std::vector<Header> headers) {
    return answer(std::move(body), std::move(headers));
  };
  const std::vector<Header> js = {{"Content-Type", "text/javascript"}};
  for (const Case& one : std::vector<Case>{
           {"web/portero.js",
            {.status = 404, .headers = {}, .body = ""},
            "which answers 404; put portero's folder web"},
           {"web/portero.js", answer("<!DOCTYPE html>"),
            "which answers with a page, as the host does for every unknown address; "},
           {"web/portero.js", script("\xEF\xBB\xBF\n<html>", js), "which answers with a page"},
           {"web/portero.js", script("alert(1)", js),
            "which is not portero's; put portero's own portero.js there"},
           {"web/portero.js", script("window[Symbol.for('portero')]", js),
            "which is not portero's; "},
           {"web/portero.js",
            script(kPortero,
                   {{"Content-Type", "text/plain"}, {"X-Content-Type-Options", "nosniff"}}),
            "which is sent as `text/plain`; let the host send .js files as text/javascript"},
           {"web/portero.js", script(kPortero, {}), "which has no Content-Type; "},
           {"web/portero.js", script(kPortero, {js[0], js[0]}), "which has Content-Type 2 times; "},
           {"web/portero.js", moved("http://page.example/web/portero.js"),
            "which leads to http://page.example/web/portero.js, which is "
            "plain http; "},
           {"web/index.js",
            {.status = 404, .headers = {}, .body = ""},
            "its portero.js loads https://page.example/web/index.js, which answers 404; "},
           {"web/index.js", script("export {}", {{"Content-Type", "application/octet-stream"}}),
            "is sent as `application/octet-stream`"},
           {"web/index.js", script("\x1f\x8b\x08", js),
            "is compressed without Content-Encoding: gzip, or twice"},
           {"portero.wasm",
            {.status = 403, .headers = {}, .body = ""},
            "its portero.js loads https://page.example/portero.wasm, which answers 403; "},
           {"portero.wasm", answer("<!doctype html>"),
            "https://page.example/portero.wasm, which is no WebAssembly; "},
       }) {
    Web web;
    web.put_files("https://page.example/");
    web.answers["https://page.example/"] = answer(kGood);
    web.answers["https://page.example/" + one.path] = one.reply;
    const std::string said = check(web);
    EXPECT_TRUE(said.starts_with("FAIL https://page.example/: its ") && has(said, one.said))
        << said;
    EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << said;
  }
  Web waits;  // a bundle has the rest
  waits.answers["https://page.example/"] = answer("<script data-wait src=/portero.js></script>");
  waits.answers["https://page.example/portero.js"] = answer(kPortero, js);
  EXPECT_EQ(check(waits), kOkBare);
  EXPECT_EQ(waits.asked.size(), 2U);
}

TEST(CheckScript, IsTheFileThatItsIntegrityNames) {
  const auto said = [](const std::string& integrity) {
    return check(answer("<script src=web/portero.js integrity=\"" + integrity + "\"></script>"));
  };
  const std::string right = "sha256-rmrZ5+sQJ7oL6RDMCrxAQyfUkfHTm/6wacJiWXpLkkk=";
  const std::string wrong = "sha384-" + std::string(64, 'A');
  EXPECT_TRUE(
      has(said(wrong), "is not the file that its integrity names, so browsers do not run it; "));
  EXPECT_EQ(said(right), kOkBare);
  EXPECT_EQ(said("sha256-AAAA " + right + "?x"), kOkBare) << "one of them";
  EXPECT_TRUE(has(said(right + " " + wrong), "integrity")) << "the longest kind counts";
  EXPECT_EQ(said("md5-AAAA"), kOkBare) << "what no browser knows, none checks";
}

TEST(CheckScript, ComesFromAnotherHostWithItsLeave) {
  const auto said = [](std::vector<Header> more, const std::string& attribute = "") {
    Web web;
    web.put_files("https://cdn.example/p/");
    for (auto& [url, reply] : web.answers)
      reply.headers.insert(reply.headers.end(), more.begin(), more.end());
    web.answers["https://page.example/"] =
        answer("<script " + attribute + " src=https://cdn.example/p/web/portero.js></script>");
    return check(web);
  };
  EXPECT_EQ(said({{"Access-Control-Allow-Origin", "*"}}), kOkBare);
  EXPECT_EQ(said({{"Access-Control-Allow-Origin", "https://page.example"}}, "crossorigin"),
            kOkBare);
  EXPECT_TRUE(has(said({}),
                  "loads https://cdn.example/p/web/index.js, which has no "
                  "Access-Control-Allow-Origin for https://page.example; "));
  EXPECT_TRUE(has(said({}, "crossorigin"), "which has no Access-Control-Allow-Origin"));
  EXPECT_TRUE(
      has(said({{"Access-Control-Allow-Origin", "*"}, {"Access-Control-Allow-Origin", "*"}}),
          "Access-Control-Allow-Origin 2 times"));
  Web far;
  far.answers["https://page.example/"] =
      answer("<script src=https://cdn.example/portero.js></script>");
  far.silent["https://cdn.example/portero.js"] = Error::kUpstreamUnreachable;
  EXPECT_EQ(check(far),
            "warn https://page.example/: its script https://cdn.example/portero.js means "
            "https://cdn.example/portero.js, which cannot be reached from here; check the network, "
            "the firewall and whether it runs\n" +
                kOkBare);
}

/// What a policy makes of a good page, by header.
std::string under(const std::string& policy, const std::string& public_url = "") {
  return check(answer(kGood, {{"Content-Security-Policy", policy}}), public_url);
}

TEST(CheckPolicy, IsEachThatAppliesOfHeadersAndMeta) {
  EXPECT_EQ(under("img-src *, frame-ancestors 'none'"), kOk);
  EXPECT_TRUE(has(under("img-src *,connect-src 'none'"),
                  "blocks calls to the proxy and portero.wasm; add to connect-src: "));
  EXPECT_TRUE(has(check(answer(kGood, {{"Content-Security-Policy", "img-src *"},
                                       {"content-security-policy", "img-src 'self'"}})),
                  "avatar"));
  EXPECT_EQ(check(answer(kGood, {{"Content-Security-Policy-Report-Only", "default-src 'none'"}})),
            kOkBare);
  const std::string none =
      "<meta http-equiv=\"Content-Security-Policy\" content=\"connect-src 'none'\">";
  EXPECT_TRUE(has(check(answer(none + kGood)), "connect-src"));
  EXPECT_TRUE(has(check(answer("<head></head>" + none + kGood)), "connect-src"));
  for (const std::string& page :
       {"<!--" + none + "-->" + kTag, "<script>" + none + "</script>" + kTag,
        "<style>" + none + "</style>" + kTag, "<template>" + none + "</template>" + kTag,
        "<title>" + none + "</title>" + kTag, "<noscript>" + none + "</noscript>" + kTag,
        "<body>" + none + kTag, "<p>" + kTag + none, "<textarea>" + none + "</textarea>" + kTag,
        "<meta http-equiv=content-security-policy-report-only content=\"default-src 'none'\">" +
            kTag,
        "<meta name=content-security-policy content=\"default-src 'none'\">" + kTag,
        "<meta http-equiv=content-security-policy>" + kTag}) {
    EXPECT_EQ(check(answer(page)), kOkBare) << page;
  }
  const std::string twice = check(answer(none + none + kTag));
  EXPECT_EQ(std::count(twice.begin(), twice.end(), '\n'), 1) << "one fault is told once: " << twice;
  const std::string comma = check(answer(
      "<meta http-equiv=content-security-policy content=\"img-src *, frame-src *\">" + kTag));
  EXPECT_EQ(comma,
            "warn https://page.example/: has a comma in a <meta> policy: Chromium reads two "
            "policies there, Firefox one; "
            "write a <meta> for each\n" +
                kOk);
}

TEST(CheckPolicy, SaysWhatToAdd) {
  const std::string at = "FAIL https://page.example/: its Content-Security-Policy ";
  const std::string proxy = "https://login.example";
  EXPECT_EQ(under("connect-src 'self'", proxy),
            at + "blocks calls to the proxy; add to connect-src: https://login.example\n");
  EXPECT_EQ(under("connect-src " + proxy, proxy),
            at + "blocks portero.wasm; add to connect-src: 'self'\n");
  EXPECT_EQ(under("connect-src 'none'", proxy),
            at + "blocks calls to the proxy and portero.wasm; add to connect-src: "
                 "https://login.example 'self'\n");
  EXPECT_EQ(under("connect-src 'self' https://login.example/v1/", proxy), kOk);
  EXPECT_EQ(under("connect-src 'self' https://login.example/v1/config", proxy),
            at + "blocks calls to the proxy; add to connect-src: https://login.example\n");
  EXPECT_EQ(under("script-src 'wasm-unsafe-eval'"),
            at + "blocks portero.js; add to script-src: 'self'\n");
  EXPECT_EQ(under("script-src 'wasm-unsafe-eval' https://page.example/web/portero.js"),
            at + "blocks index.js, which portero.js loads; add to script-src: 'self'\n");
  EXPECT_EQ(under("script-src 'wasm-unsafe-eval' 'self' 'strict-dynamic' 'nonce-a'"),
            at + "blocks portero.js; give its tag the nonce of the policy: 'strict-dynamic' "
                 "ignores addresses\n");
  EXPECT_TRUE(has(under("sandbox allow-forms"), at + "puts the page into a sandbox; "));
  const std::string nonced = "<script nonce=a src=web/portero.js></script>";
  EXPECT_EQ(check(answer(nonced, {{"Content-Security-Policy",
                                   "script-src 'wasm-unsafe-eval' 'nonce-a' 'strict-dynamic'"}})),
            kOk);
  EXPECT_EQ(check(answer("<meta http-equiv=content-security-policy content=sandbox>" + kTag)), kOk)
      << "browsers ignore it there";
}

TEST(CheckPage, NamesTheProxyThatTheSettingsName) {
  const auto said = [](const std::string& proxy) {
    return check(answer(kGood + "<github-sign-in proxy=\"" + proxy + "\">"),
                 "https://login.example");
  };
  EXPECT_EQ(said("https://login.example"), kOkBare);
  EXPECT_EQ(said("HTTPS://Login.example/"), kOkBare);
  EXPECT_EQ(said(""), kOkBare);
  EXPECT_EQ(
      said("https://auth.example"),
      "warn https://page.example/: its tag has proxy=\"https://auth.example\", and public_url is "
      "https://login.example; write the same address in both\n" +
          kOkBare);
}

/// With that img-src and a proxy that signs in at that GitHub.
std::string check_images(const std::string& github, const std::string& img_src) {
  Web web;
  web.put_files("https://page.example/");
  web.answers["https://page.example/"] =
      answer(kGood, {{"Content-Security-Policy", "img-src 'self' " + img_src}});
  return check(web, "https://page.example/", "", github);
}

TEST(CheckPage, TakesAvatarsFromEitherPlaceOfAnEnterpriseServer) {
  const std::string at = "https://page.example/: its Content-Security-Policy ";
  for (const char* github : {"https://github.example", "https://git.other.example:8443"}) {
    const std::string host = github + std::string("https://").size();
    const std::string own = github;
    const std::string isolated = "https://avatars." + host;
    EXPECT_EQ(check_images(github, own + " " + isolated), kOk);
    EXPECT_EQ(check_images(github, "https://*." + host + " " + own), kOk);
    const std::string warning =
        "warn " + at +
        "blocks avatars if GitHub keeps them elsewhere on this server; add to img-src: ";
    EXPECT_EQ(check_images(github, own), warning + isolated + "\n" + kOk);
    EXPECT_EQ(check_images(github, isolated), warning + own + "\n" + kOk);
    EXPECT_EQ(check_images(github, ""), "FAIL " + at +
                                            "blocks the visitor's avatar; add to img-src: " + own +
                                            " " + isolated + "\n");
  }
}

TEST(CheckPage, KnowsWhereGithubItselfKeepsAvatars) {
  const std::string avatars = "https://avatars.githubusercontent.com";
  EXPECT_TRUE(check_images("https://github.com", avatars).starts_with("ok "));
  const std::string said = check_images("https://github.com", "https://github.com");
  EXPECT_TRUE(said.starts_with("FAIL ")) << said;
  EXPECT_TRUE(said.ends_with("add to img-src: " + avatars + "\n")) << said;
}

}  // namespace
}  // namespace portero
