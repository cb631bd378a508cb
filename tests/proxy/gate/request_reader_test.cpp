// The reader: what it keeps, what it drops, where it stops. What it refuses: smuggling_test.cpp.
#include "proxy/gate/request_reader.h"

#include <gtest/gtest.h>

namespace portero {
namespace {

const Limits kLimits;

ReadRequest read(const std::string& bytes) {
  RequestReader reader(kLimits);
  EXPECT_EQ(reader.feed(bytes), bytes.size());
  EXPECT_EQ(reader.state(), RequestReader::State::kComplete) << bytes;
  return reader.take();
}

TEST(RequestReader, KeepsWhatTheProxyLooksAt) {
  const ReadRequest got = read(
      "POST /v1/session HTTP/1.1\r\nhost: p:8080\r\nORIGIN:  https://page.example \t\r\n"
      "Sec-Fetch-Site: same-site\r\nX-Portero: 1\r\nContent-Type: application/json\r\n"
      "Authorization: DPoP x\r\nDPoP: y\r\nCookie: a=1\r\nCookie: b=%3B\r\n"
      "If-None-Match: \"t\"\r\nAccept-Encoding: gzip\r\nAccept-Encoding: br\r\n"
      "Content-Length: 3\r\n\r\n%\r\n");
  const Request& request = got.request;
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/v1/session");
  EXPECT_EQ(request.host, "p:8080");
  EXPECT_EQ(request.origin, "https://page.example");
  EXPECT_EQ(request.sec_fetch_site, "same-site");
  EXPECT_EQ(request.x_portero, "1");
  EXPECT_EQ(request.content_type, "application/json");
  EXPECT_EQ(request.authorization, "DPoP x");
  EXPECT_EQ(request.dpop, "y");
  EXPECT_EQ(request.body, "%\r\n");
  EXPECT_EQ(got.request.cookies, "a=1; b=%3B");
  EXPECT_EQ(got.if_none_match, "\"t\"");
  EXPECT_EQ(got.accept_encoding, "gzip, br");
  EXPECT_TRUE(got.keep_alive);
  EXPECT_FALSE(got.is_preflight);
}

TEST(RequestReader, DropsEverythingElseWhateverItHolds) {
  const ReadRequest got = read(
      "GET / HTTP/1.1\r\nHost: p\r\nReferer: https://\xc3\xa9.example/%41\r\nExpect: "
      "100-continue\r\n"
      "Range: bytes=0-\r\nX-Forwarded-For: %00\r\nREMOTE_ADDR: 6.6.6.6\r\nUpgrade: h2c\r\n\r\n");
  EXPECT_EQ(got.request.target, "/");
  EXPECT_TRUE(got.request.cookies.empty());
}

TEST(RequestReader, KnowsWhenAConnectionStays) {
  struct Case {
    const char* bytes;
    bool stays;
  };
  for (const Case& test : {Case{"GET / HTTP/1.1\r\nHost: p\r\n\r\n", true},
                           Case{"GET / HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n", false},
                           Case{"GET / HTTP/1.1\r\nHost: p\r\nConnection: x, CLOSE\r\n\r\n", false},
                           Case{"GET / HTTP/1.1\r\nHost: p\r\nConnection: closed\r\n\r\n", true},
                           Case{"GET / HTTP/1.0\r\nHost: p\r\n\r\n", false},
                           Case{"GET /readyz HTTP/1.0\r\n\r\n", false}}) {
    EXPECT_EQ(read(test.bytes).keep_alive, test.stays) << test.bytes;
  }
}

TEST(RequestReader, KnowsAPreflight) {
  const std::string start = "OPTIONS / HTTP/1.1\r\nHost: p\r\n";
  const std::string origin = "Origin: o\r\n";
  const std::string method = "Access-Control-Request-Method: GET\r\n";
  EXPECT_TRUE(read(start + origin + method + "\r\n").is_preflight);
  EXPECT_FALSE(read(start + origin + "\r\n").is_preflight);
  EXPECT_FALSE(read(start + method + "\r\n").is_preflight);
  EXPECT_FALSE(read("GET / HTTP/1.1\r\nHost: p\r\n" + origin + method + "\r\n").is_preflight);
}

TEST(RequestReader, LeavesTheNextRequestAlone) {
  RequestReader reader(kLimits);
  const std::string first = "POST /a HTTP/1.1\r\nHost: p\r\nContent-Length: 2\r\n\r\nxy";
  const std::string second = "GET /b HTTP/1.1\r\nHost: q\r\n\r\n";
  EXPECT_EQ(reader.feed(first + second), first.size());
  EXPECT_EQ(reader.take().request.body, "xy");
  EXPECT_EQ(reader.state(), RequestReader::State::kEmpty);
  EXPECT_EQ(reader.feed(second), second.size());
  const ReadRequest got = reader.take();
  EXPECT_EQ(got.request.host, "q");
  EXPECT_TRUE(got.request.body.empty());
}

TEST(RequestReader, ReadsUpToItsLimitsAndNotBeyond) {
  struct Case {
    std::string bytes;
    std::optional<Error> error;
  };
  const std::string start = "POST / HTTP/1.1\r\nHost: p\r\n";
  const auto fields = [](std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += "A: b\r\n";
    return text;
  };
  const auto header_of = [&](std::size_t total) {
    return start + "A: " + std::string(total - start.size() - 7, 'x') + "\r\n\r\n";
  };
  const auto get = [](std::size_t size) {
    return "GET /" + std::string(size - 1, 'x') + " HTTP/1.1\r\nHost: p\r\n\r\n";
  };
  const Case cases[] = {
      {start + fields(63) + "\r\n", std::nullopt},
      {start + fields(64) + "\r\n", Error::kHeadersTooLarge},
      {header_of(kLimits.headers), std::nullopt},
      {header_of(kLimits.headers + 1), Error::kHeadersTooLarge},
      {get(kLimits.target), std::nullopt},
      {get(kLimits.target + 1), Error::kHeadersTooLarge},
      {start + "Content-Length: 4096\r\n\r\n" + std::string(4096, 'x'), std::nullopt},
      {start + "Content-Length: 4097\r\n\r\n" + std::string(4097, 'x'), Error::kTooLarge},
  };
  for (const Case& test : cases) {
    RequestReader reader(kLimits);
    reader.feed(test.bytes);
    const bool refused = reader.state() == RequestReader::State::kRefused;
    EXPECT_EQ(refused, test.error.has_value()) << test.bytes.substr(0, 40);
    if (refused && test.error) {
      EXPECT_EQ(reader.error(), *test.error);
    }
  }
}

TEST(RequestReader, KnowsThePageBehindARefusal) {
  RequestReader reader(kLimits);
  reader.feed(
      "GET /v1/session HTTP/1.1\r\nHost: p\r\nX-Portero: %\r\nOrigin: "
      "https://page.example\r\n\r\n");
  EXPECT_EQ(reader.state(), RequestReader::State::kRefused);
  EXPECT_EQ(reader.read_so_far().request.origin, "https://page.example");
  EXPECT_EQ(reader.read_so_far().request.target, "/v1/session");
}

TEST(RequestReader, TakesNeitherOfTwoOriginsForThePageBehindARefusal) {
  const std::string ours = "Origin: https://page.example\r\n";
  const std::string theirs = "Origin: https://evil.example\r\n";
  for (const std::string& both : {ours + theirs, theirs + ours, ours + ours, "Origin: %\r\n" + ours,
                                  theirs + theirs + ours}) {
    RequestReader reader(kLimits);
    reader.feed("GET /v1/session HTTP/1.1\r\nHost: p\r\n" + both + "\r\n");
    EXPECT_EQ(reader.state(), RequestReader::State::kRefused) << both;
    EXPECT_EQ(reader.read_so_far().request.origin, "") << both;
  }
}

}  // namespace
}  // namespace portero
