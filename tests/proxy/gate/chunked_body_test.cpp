// A body in chunks, as a specification: what one is, what is none, and where each ends. What a
// request may carry it: request_reader_test.cpp. A second reader beside it: tests/fuzz.
#include "proxy/gate/chunked_body.h"

#include <gtest/gtest.h>

namespace portero {
namespace {

using State = ChunkedBody::State;

constexpr std::size_t kMax = 64;

struct Decoded {
  State state;
  std::string body;
  std::size_t used;
};

Decoded decode(std::string_view bytes, std::size_t max = kMax,
               std::size_t step = std::string::npos) {
  ChunkedBody chunks(max);
  Decoded got{.state = State::kReading, .body = {}, .used = 0};
  while (got.used < bytes.size() && chunks.state() == State::kReading) {
    got.used += chunks.feed(bytes.substr(got.used, step), got.body);
  }
  got.state = chunks.state();
  return got;
}

void expect_body(std::string_view bytes, std::string_view body, std::size_t max = kMax) {
  for (const std::size_t step :
       {std::string::npos, std::size_t{1}, std::size_t{2}, std::size_t{3}}) {
    const Decoded got = decode(bytes, max, step);
    EXPECT_EQ(got.state, State::kComplete) << bytes;
    EXPECT_EQ(got.body, body) << bytes;
    EXPECT_EQ(got.used, bytes.size()) << bytes;
  }
}

/// Refused at that very byte, however the bytes come.
void expect_refused_after(std::string_view good, std::string_view bad, std::size_t max = kMax) {
  EXPECT_EQ(decode(good, max).state, State::kReading) << good;
  const std::string bytes = std::string(good) + std::string(bad) + "\r\n0\r\n\r\n";
  for (const std::size_t step : {std::string::npos, std::size_t{1}, std::size_t{2}}) {
    const Decoded got = decode(bytes, max, step);
    EXPECT_EQ(got.state, State::kRefused) << bytes;
    EXPECT_LE(got.body.size(), max);
    EXPECT_LE(got.used, good.size() + 1) << bytes;
  }
}

TEST(ChunkedBody, IsEmptyWithTheLastChunkAlone) {
  for (const std::string size : {"0", "00", "0000", "00000000"}) expect_body(size + "\r\n\r\n", "");
}

TEST(ChunkedBody, JoinsItsChunks) {
  expect_body("3\r\nabc\r\n0\r\n\r\n", "abc");
  expect_body("1\r\na\r\n2\r\nbc\r\n3\r\ndef\r\n0\r\n\r\n", "abcdef");
}

TEST(ChunkedBody, ReadsSizesOfOneToEightHexDigitsInEitherCase) {
  for (const std::string size : {"a", "A", "0a", "0A", "0000000a", "0000000A"}) {
    expect_body(size + "\r\n0123456789\r\n0\r\n\r\n", "0123456789");
  }
  expect_body("1f\r\n" + std::string(31, 'x') + "\r\n0\r\n\r\n", std::string(31, 'x'));
  expect_refused_after("00000001", "0");
  expect_refused_after("00000000", "0");
}

TEST(ChunkedBody, TakesAnyByteInAChunk) {
  std::string octets;
  for (int byte = 0; byte < 256; ++byte) octets += static_cast<char>(byte);
  expect_body("100\r\n" + octets + "\r\n0\r\n\r\n", octets, 256);
  expect_body("7\r\n0\r\n\r\n\r\n\r\n0\r\n\r\n", "0\r\n\r\n\r\n");
}

TEST(ChunkedBody, LeavesWhatStandsBehindIt) {
  for (const std::string behind : {"GET / HTTP/1.1\r\n", "0\r\n\r\n", "\r\n", "\n"}) {
    const std::string body = "3\r\nabc\r\n0\r\n\r\n";
    const Decoded got = decode(body + behind);
    EXPECT_EQ(got.state, State::kComplete);
    EXPECT_EQ(got.used, body.size()) << behind;
  }
}

TEST(ChunkedBody, WaitsForTheRestOfEveryBeginning) {
  const std::string whole = "3\r\nabc\r\n00a\r\n0123456789\r\n0\r\n\r\n";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(decode(whole.substr(0, size)).state, State::kReading) << size;
  }
}

TEST(ChunkedBody, NeedsASize) {
  for (const char* bad :
       {"\r", "\n", " ", "g", "G", "x", "+", "-", ";", "/", ":", "@", "`", "\t"}) {
    expect_refused_after("", bad);
    expect_refused_after("3\r\nabc\r\n", bad);
  }
  expect_refused_after("", std::string_view("\0", 1));
  for (const char* bad : {"x3", "X3", "_", ".", ",", " ", "\t", "h", "\x0b", "\xef\xbc\x93"})
    expect_refused_after("0", bad);
}

TEST(ChunkedBody, KnowsNoExtensions) {
  for (const char* bad : {";", " ;", "\t;", "; a=b", ";a", "="}) {
    expect_refused_after("3", bad);
    expect_refused_after("0", bad);
  }
}

TEST(ChunkedBody, KnowsNoTrailers) {
  for (const char* bad : {"A: b", "0", " ", "\t", "\n", ":", "a"})
    expect_refused_after("0\r\n", bad);
}

TEST(ChunkedBody, EndsEachLineByCrLfAlone) {
  expect_refused_after("3", "\n");
  expect_refused_after("0", "\n");
  expect_refused_after("3\r", "\r");
  expect_refused_after("3\r", "abc");
  expect_refused_after("0\r", "\r");
  expect_refused_after("0\r\n\r", "\r");
  expect_refused_after("0\r\n\r", "x");
}

TEST(ChunkedBody, HoldsExactlyWhatItsSizeSays) {
  expect_refused_after("3\r\nabc", "d");
  expect_refused_after("3\r\nabc", "\n");
  expect_refused_after("3\r\nabc", "0");
  expect_refused_after("3\r\nabc\r", "\r");
  expect_refused_after("3\r\nabc\r", "0");
  expect_refused_after("3\r\nab\r", "\n0");  // \r is the third octet
}

TEST(ChunkedBody, IsAtMostAsLongAsItMayBe) {
  const std::string most(kMax, 'x');
  expect_body("40\r\n" + most + "\r\n0\r\n\r\n", most);
  expect_body("3f\r\n" + most.substr(1) + "\r\n1\r\nx\r\n0\r\n\r\n", most);
  expect_refused_after("4", "1");
  expect_refused_after("40\r\n" + most + "\r\n", "1");
  expect_refused_after("3f\r\n" + most.substr(1) + "\r\n", "2");
  expect_refused_after("f", "f");
  expect_refused_after("0000004", "1");
  expect_refused_after("", "1", 0);
  expect_refused_after("0000000", "1", 0);
}

TEST(ChunkedBody, RefusesALongChunkBeforeAnyOfItComes) {
  for (const std::string size : {"41", "100", "fffffff", "80000000", "ffffffff"}) {
    const Decoded got = decode(size + "\r\nabc");
    EXPECT_EQ(got.state, State::kRefused) << size;
    EXPECT_EQ(got.body, "") << size;
    EXPECT_LE(got.used, size.size()) << size;
  }
}

TEST(ChunkedBody, MayTakeFourTimesItsLimitAndOneKilobyteOnTheWire) {
  const std::size_t max = 200;  // 1,824 on the wire
  std::string chunks;
  for (int i = 0; i < 139; ++i) chunks += "00000001\r\nx\r\n";  // 13 bytes for one of body
  chunks += "0001\r\nx\r\n";
  const std::string most = chunks + "0000\r\n\r\n";
  ASSERT_EQ(most.size(), 4 * max + 1024);
  expect_body(most, std::string(140, 'x'), max);
  for (const std::size_t step : {std::string::npos, std::size_t{1}, std::size_t{5}}) {
    const Decoded over = decode(chunks + "00000\r\n\r\n", max, step);
    EXPECT_EQ(over.state, State::kRefused);
    EXPECT_EQ(over.used, most.size()) << "the byte behind is not taken";
  }
  EXPECT_EQ(decode("0\r\n\r\n", 0).state, State::kComplete);
}

}  // namespace
}  // namespace portero
