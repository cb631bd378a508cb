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

const std::string kChunks = "4\r\n{\"v\"\r\n003\r\n:1}\r\n0\r\n\r\n";  // {"v":1}

TEST(RequestReader, DecodesABodyThatComesInChunks) {
  for (const std::string method : {"POST", "PUT", "PATCH"}) {
    for (const std::string value : {" chunked", "chunked", "\tCHUNKED \t", " Chunked"}) {
      const ReadRequest got = read(method + " / HTTP/1.1\r\nHost: p\r\nTransfer-Encoding:" + value +
                                   "\r\n\r\n" + kChunks);
      EXPECT_EQ(got.request.body, R"({"v":1})") << method << value;
      EXPECT_TRUE(got.keep_alive);
    }
  }
}

TEST(RequestReader, DecodesAnEmptyBodyThatComesInChunksOfADeleteToo) {
  for (const std::string method : {"POST", "PUT", "PATCH", "DELETE"}) {
    const ReadRequest got =
        read(method + " / HTTP/1.1\r\nHost: p\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    EXPECT_EQ(got.request.method, method);
    EXPECT_EQ(got.request.body, "");
  }
}

TEST(RequestReader, LeavesTheRequestBehindChunksAlone) {
  RequestReader reader(kLimits);
  const std::string first =
      "POST /a HTTP/1.1\r\nHost: p\r\nTransfer-Encoding: chunked\r\n\r\n" + kChunks;
  const std::string second = "POST /b HTTP/1.1\r\nHost: q\r\nContent-Length: 2\r\n\r\nxy";
  const std::string third =
      "DELETE /c HTTP/1.1\r\nHost: q\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
  std::string stream = first + second + third + "GET ";
  for (const std::string body : {R"({"v":1})", "xy", ""}) {
    stream.erase(0, reader.feed(stream));
    ASSERT_EQ(reader.state(), RequestReader::State::kComplete);
    EXPECT_EQ(reader.take().request.body, body);
  }
  EXPECT_EQ(stream, "GET ");
}

/// What a request line and its fields end in, with a body in chunks behind them.
std::string end_of(const std::string& line, const std::string& fields,
                   const std::string& body = "0\r\n\r\n") {
  RequestReader reader(kLimits);
  reader.feed(line + "\r\nHost: p\r\nOrigin: o\r\n" + fields + "\r\n" + body);
  if (reader.state() != RequestReader::State::kRefused) return "accepted";
  EXPECT_EQ(reader.read_so_far().request.origin, "o") << "the page may read why";
  return std::string(name(reader.error()));
}

TEST(RequestReader, RefusesChunksUnlessTheLineIsOneAndSaysChunkedAlone) {
  const std::string field = "Transfer-Encoding: ";
  for (const std::string value :
       {"", "identity", "gzip, chunked", "chunked, chunked", "chunked,", ", chunked",
        "chunked, identity", "xchunked", "chunkedx", "chunked;q=1", "chunked ;", "\"chunked\"",
        "chunked chunked", "chunk", "chunked\x0b",
        "\x0b"
        "chunked",
        "chunked\x01", "chunked\xc2\xa0", "ch\xc5\xbfnked"}) {
    EXPECT_EQ(end_of("POST / HTTP/1.1", field + value + "\r\n"), "bad_request") << value;
  }
  const std::string good = field + "chunked\r\n";
  for (const std::string& fields :
       {good + good, good + field + "identity\r\n", field + "\r\n" + good, good + field + "\r\n",
        good + "transfer-encoding: CHUNKED\r\n"}) {
    EXPECT_EQ(end_of("POST / HTTP/1.1", fields), "bad_request") << fields;
  }
  EXPECT_EQ(end_of("POST / HTTP/1.1", good), "accepted");
}

TEST(RequestReader, RefusesChunksBesideALength) {
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  for (const std::string length : {"0", "5", "00", "x", "", "99999999999999999999"}) {
    const std::string field = "Content-Length: " + length + "\r\n";
    EXPECT_NE(end_of("POST / HTTP/1.1", chunked + field), "accepted") << length;
    EXPECT_NE(end_of("POST / HTTP/1.1", field + chunked), "accepted") << length;
    EXPECT_NE(end_of("DELETE / HTTP/1.1", field + chunked), "accepted") << length;
  }
}

TEST(RequestReader, RefusesChunksWhereNoBodyBelongs) {
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  for (const std::string line :
       {"GET / HTTP/1.1", "HEAD / HTTP/1.1", "OPTIONS / HTTP/1.1", "TRACE / HTTP/1.1",
        "post / HTTP/1.1", "delete / HTTP/1.1", "POSTS / HTTP/1.1", "POST / HTTP/1.0",
        "PUT / HTTP/1.0", "DELETE / HTTP/1.0", "GET / HTTP/1.0"}) {
    EXPECT_EQ(end_of(line, chunked), "bad_request") << line;
  }
  for (const std::string body : {"1\r\nx\r\n0\r\n\r\n", "1", "0001\r\n"}) {
    EXPECT_EQ(end_of("DELETE / HTTP/1.1", chunked, body), "bad_request") << body;
  }
}

TEST(RequestReader, SaysWhatIsWrongWithTheHeadOfABodyInChunksFirst) {
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  EXPECT_EQ(end_of("POST / HTTP/1.1", chunked + "Content-Encoding: gzip\r\n", "x"),
            "unsupported_media_type");
  EXPECT_EQ(end_of("POST / HTTP/1.1", chunked + "X-Portero: %\r\n", "x"), "bad_request");
  EXPECT_EQ(end_of("POST / HTTP/1.1", chunked, "x"), "bad_request");
}

TEST(RequestReader, IgnoresChunksOnTheInternalListenerAndEndsItsConnection) {
  RequestReader reader(kLimits, RequestReader::Rules::kInternal);
  for (const std::string line : {"POST / HTTP/1.1", "GET / HTTP/1.1", "DELETE / HTTP/1.0"}) {
    const std::string head =
        line +
        "\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\nContent-Length: 3\r\n\r\n";
    EXPECT_EQ(reader.feed(head + kChunks), head.size());
    ASSERT_EQ(reader.state(), RequestReader::State::kComplete) << line;
    const ReadRequest got = reader.take();
    EXPECT_EQ(got.request.body, "");
    EXPECT_FALSE(got.keep_alive);
  }
}

TEST(RequestReader, ReadsUpToItsLimitsAndNotBeyond) {
  struct Case {
    std::string bytes;
    std::optional<Error> error;
  };
  const std::string start = "POST / HTTP/1.1\r\nHost: p\r\n";
  const std::string chunked = "Transfer-Encoding: chunked\r\n\r\n";
  const std::string last = "\r\n0\r\n\r\n";
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
      {start + chunked + "1000\r\n" + std::string(4096, 'x') + last, std::nullopt},
      {start + chunked + "1001\r\n", Error::kBadRequest},
      {start + chunked + "fff\r\n" + std::string(4095, 'x') + "\r\n1\r\ny" + last, std::nullopt},
      {start + chunked + "fff\r\n" + std::string(4095, 'x') + "\r\n2\r\n", Error::kBadRequest},
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
