// What leaves the gate, byte for byte.
#include "proxy/gate/response_writer.h"

#include <gtest/gtest.h>

#include "proxy/gate/cors.h"
#include "tests/proxy/gate/loopback.h"

namespace portero {
namespace {

std::string write(const Response& response, std::string_view target = "/v1/session") {
  return write_response(response, {.target = target}).bytes;
}

TEST(ResponseWriter, WritesAnAnswerByteForByte) {
  const Response response{
      .status = 200, .headers = {{"Content-Type", "application/json"}}, .body = "{}"};
  EXPECT_EQ(write_response(
                response,
                {.target = "/v1/session", .closes = true, .date = "Sun, 06 Nov 1994 08:49:37 GMT"})
                .bytes,
            "HTTP/1.1 200 OK\r\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Content-Type: application/json\r\n"
            "Cache-Control: no-store\r\n"
            "X-Content-Type-Options: nosniff\r\n"
            "Cross-Origin-Resource-Policy: same-origin\r\n"
            "Content-Length: 2\r\n"
            "Connection: close\r\n"
            "\r\n"
            "{}");
}

TEST(ResponseWriter, WritesWholeLinesAsTheyAre) {
  Response response{.status = 200};
  response.lines = "X-One: 1\r\nX-None: \r\n";
  const std::string text = write(response, "/v1/check/staff");
  EXPECT_TRUE(has(text, "\r\nX-One: 1\r\nX-None: \r\nCache-Control: no-store\r\n")) << text;
}

TEST(ResponseWriter, WritesNoLinesThatEndTheHeadOrAreNoAscii) {
  using std::string_literals::operator""s;
  for (const std::string& lines :
       {"X: 1"s, "X: 1\n"s, "X: 1\r\n\r\n"s, "\r\n"s, "X: 1\r\n\r\nX: 2\r\n"s, "X: \xc3\xb6\r\n"s,
        "X: a\nb\r\n"s, "X: a\rb\r\n"s, "X: \0\r\n"s, "X: 1\r\nY"s}) {
    Response response{.status = 200};
    response.lines = lines;
    EXPECT_TRUE(write(response).starts_with("HTTP/1.1 500 ")) << lines;
  }
}

TEST(ResponseWriter, SendsASharedBodyAfterItsBytesAndNeverCopiesIt) {
  Response response{.status = 200, .headers = {}, .body = {}};
  response.shared_body = std::make_shared<const std::string>("a file");
  const WrittenResponse whole = write_response(response, {.target = "/file"});
  EXPECT_NE(whole.bytes.find("Content-Length: 6\r\n"), std::string::npos);
  EXPECT_TRUE(whole.bytes.ends_with("\r\n\r\n"));
  EXPECT_EQ(whole.rest, response.shared_body);
  const WrittenResponse head = write_response(response, {.target = "/file", .is_head = true});
  EXPECT_NE(head.bytes.find("Content-Length: 6\r\n"), std::string::npos);
  EXPECT_EQ(head.rest, nullptr);
  response.headers.push_back({"X", "a\r\nb"});
  EXPECT_EQ(write_response(response, {.target = "/file"}).rest, nullptr) << "not of `internal`";
}

TEST(ResponseWriter, WritesNoLengthAndNoBodyWhereHttpForbidsThem) {
  for (const int status : {204, 304}) {
    const std::string text = write({.status = status, .headers = {}, .body = "x"});
    EXPECT_FALSE(has(text, "Content-Length")) << text;
    EXPECT_TRUE(text.ends_with("\r\n\r\n"));
  }
}

TEST(ResponseWriter, WritesTheResourcePolicyOfAnAnswerThatHasOneAndNoSecond) {
  const std::string text = write(
      {.status = 403, .headers = {{"cross-origin-resource-policy", "cross-origin"}}, .body = {}},
      "/v1/config");
  EXPECT_TRUE(has(text, "cross-origin-resource-policy: cross-origin\r\n")) << text;
  EXPECT_FALSE(has(text, "same-origin")) << text;
}

TEST(ResponseWriter, LetsOnlyTheConfigAndFilesBeKept) {
  const auto says_no_store = [](std::string_view target, int status) {
    return has(write({.status = status, .headers = {{"cache-control", "max-age=300"}}, .body = {}},
                     target),
               "no-store");
  };
  EXPECT_FALSE(says_no_store("/v1/config", 200));
  EXPECT_TRUE(says_no_store("/v1/config", 403));
  EXPECT_TRUE(says_no_store("/v1/session", 200));
  EXPECT_TRUE(says_no_store("/healthz", 200));
  EXPECT_TRUE(says_no_store("/readyz", 503));
  EXPECT_FALSE(says_no_store("/web/portero.js", 200));
}

TEST(ResponseWriter, AnswersInternalRatherThanSplit) {
  const Header attacks[] = {{"X", "a\r\nSet-Cookie: x=y"}, {"X", "a\nSet-Cookie: x=y"},
                            {"X", "a\rSet-Cookie: x=y"},   {"X", std::string("a\0b", 3)},
                            {"X\r\nSet-Cookie", "x=y"},    {"", "x"}};
  for (const Header& attack : attacks) {
    const std::string text = write({.status = 200, .headers = {attack}, .body = "ok"});
    EXPECT_TRUE(text.starts_with("HTTP/1.1 500 ")) << text;
    EXPECT_FALSE(has(text, "Set-Cookie"));
  }
}

TEST(ResponseWriter, KeepsFramingToItself) {
  const std::string text = write({.status = 200,
                                  .headers = {{"content-length", "99"},
                                              {"Connection", "upgrade"},
                                              {"Transfer-Encoding", "chunked"},
                                              {"Server", "x"},
                                              {"date", "never"}},
                                  .body = "ok"});
  EXPECT_EQ(count(text, "99") + count(text, "upgrade") + count(text, "chunked"), 0);
  EXPECT_EQ(count(text, "Server") + count(text, "never"), 0);
}

TEST(Cors, AnswersAPreflightOfAConfiguredOriginOnly) {
  const std::vector<std::string> origins = {std::string(kOrigin)};
  Request request;
  request.target = "/v1/session";
  request.origin = std::string(kOrigin);
  request.origin_index = find_origin(origins, request.origin);
  const Response allowed = answer_preflight(origins, request);
  EXPECT_EQ(allowed.status, 204);
  const auto says = [&](std::string_view name) { return *find_header(allowed.headers, name); };
  EXPECT_EQ(says("Access-Control-Allow-Origin"), kOrigin);
  EXPECT_EQ(says("Access-Control-Allow-Credentials"), "true");
  EXPECT_EQ(says("Access-Control-Allow-Methods"), "GET, POST, DELETE");
  EXPECT_EQ(says("Access-Control-Allow-Headers"), "content-type, x-portero, authorization, dpop");
  EXPECT_EQ(says("Access-Control-Max-Age"), "7200");
  EXPECT_EQ(says("Vary"), "Origin");
  request.origin = "https://other.example";
  request.origin_index = find_origin(origins, request.origin);
  const Response refused = answer_preflight(origins, request);
  EXPECT_EQ(refused.status, 403);
  for (const Header& header : refused.headers) {
    EXPECT_FALSE(header.name.starts_with("Access-Control")) << header.name;
  }
}

TEST(Cors, OverSocketsAPreflightIsAnsweredOnceAndWithoutDoubles) {
  const RunningGate gate(echo_target);
  RawClient client(gate.port());
  client.send(
      "OPTIONS /v1/session HTTP/1.1\r\nHost: p\r\nOrigin: https://page.example\r\n"
      "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: x-portero\r\n"
      "Connection: close\r\n\r\n");
  const std::string answer = client.read_all();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 204 No Content\r\n")) << answer;
  EXPECT_FALSE(has(answer, "Content-Length"));
  for (const char* name : {"Access-Control-Allow-Origin:", "Access-Control-Allow-Credentials:",
                           "Access-Control-Max-Age:", "Vary:", "Cache-Control:"}) {
    EXPECT_EQ(count(answer, name), 1) << name << "\n" << answer;
  }
  EXPECT_TRUE(ask(gate.port(),
                  "OPTIONS /v1/session HTTP/1.1\r\nHost: p\r\nOrigin: https://page.example\r\n\r\n")
                  .starts_with("HTTP/1.1 405"));
  EXPECT_TRUE(
      ask(gate.port(), "OPTIONS / HTTP/1.1\r\nHost: p\r\n\r\n").starts_with("HTTP/1.1 405"));
}

}  // namespace
}  // namespace portero
