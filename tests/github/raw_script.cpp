// See raw_script.h.
#include "tests/github/raw_script.h"

#include <zlib.h>

#include <array>

namespace portero::stand_in {
namespace {

constexpr int kMinuteMs = 60'000;
// What the proxy reads of an answer at most (proxy/github/client.cpp, proxy/base/http.h).
constexpr std::size_t kHeadersRead = std::size_t{64} * 1024;
constexpr std::size_t kBodyRead = std::size_t{256} * 1024;
constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\n";
constexpr std::string_view kJsonLine = "Content-Type: application/json; charset=utf-8\r\n";
constexpr std::string_view kLast = "Connection: close\r\n\r\n";

std::string text_of(std::string_view a, std::string_view b = "", std::string_view c = "",
                    std::string_view d = "") {
  std::string out(a);
  out.append(b).append(c).append(d);
  return out;
}

std::string head_of(const Reply& reply, const std::string& status_line, std::size_t length) {
  std::string head = status_line;
  for (const auto& [name, value] : reply.headers) {
    head.append(name).append(": ").append(value).append("\r\n");
  }
  if (reply.status != 204) head += "Content-Length: " + std::to_string(length) + "\r\n";
  return head.append(kLast);
}

std::string honest(const Reply& reply, const std::string& reason = "Stand-in") {
  return head_of(reply, "HTTP/1.1 " + std::to_string(reply.status) + " " + reason + "\r\n",
                 reply.body.size()) +
         reply.body;
}

std::string chunk(std::string_view text) {
  std::array<char, 20> size{};
  const int length = std::snprintf(size.data(), size.size(), "%zx\r\n", text.size());
  return std::string(size.data(), static_cast<std::size_t>(length)).append(text).append("\r\n");
}

/// White space, a byte more than is read, in a few hundred bytes.
std::string gzip_body() {
  z_stream stream{};
  constexpr int kGzip = 15 + 16;
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzip, 9, Z_DEFAULT_STRATEGY) != Z_OK) {
    return "";
  }
  std::string plain(kBodyRead + 1, ' ');
  std::string packed(plain.size(), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(plain.data());
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

Script stalling(std::string_view name, const Reply& reply) {
  const std::string whole = honest(reply);
  const std::size_t body = whole.size() - reply.body.size();
  if (name == "header_drip") {
    return {.at_once = std::string(kOk), .again = "X-Drip: 1\r\n", .repeats = 600, .pause_ms = 100};
  }
  if (name == "body_drip") {
    return {.at_once = text_of(kOk, kJsonLine, "Content-Length: 100000\r\n", kLast),
            .again = " ",
            .repeats = 600,
            .pause_ms = 100};
  }
  if (name == "slow_but_valid") {
    // Half a second in all: slow for a machine, well within any budget.
    return {.at_once = whole.substr(0, 20),
            .again = "",
            .repeats = 5,
            .pause_ms = 100,
            .at_last = whole.substr(20)};
  }
  if (name == "length_long") {
    return {.at_once = head_of(reply, std::string(kOk), reply.body.size() + 100) + reply.body};
  }
  if (name == "length_short") {
    return {.at_once =
                head_of(reply, std::string(kOk), reply.body.size() / 2) + whole.substr(body)};
  }
  return {.linger_ms = kMinuteMs};  // silent
}

/// Just over what the proxy reads of an answer.
Script flooding(std::string_view name, const Reply& reply) {
  const std::string blanks(kBodyRead / 4, ' ');
  if (name == "many_interim") {
    constexpr std::string_view kInterim = "HTTP/1.1 100 Continue\r\n\r\n";
    return {.again = std::string(kInterim), .repeats = kHeadersRead / kInterim.size() + 1};
  }
  if (name == "reason_50k") return {.at_once = honest(reply, std::string(50'000, 'r'))};
  if (name == "reason_64k") return {.at_once = honest(reply, std::string(kHeadersRead, 'r'))};
  if (name == "headers_64k") {
    constexpr std::string_view kMany = "X-Many: 1\r\n";
    return {.at_once = std::string(kOk),
            .again = std::string(kMany),
            .repeats = kHeadersRead / kMany.size() + 1,
            .at_last = text_of(kJsonLine, kLast, "{}")};
  }
  if (name == "body_256k") {
    const std::string length = "Content-Length: " + std::to_string(kBodyRead + 1) + "\r\n";
    return {.at_once = text_of(kOk, kJsonLine, length, kLast),
            .again = blanks,
            .repeats = 4,
            .at_last = " "};
  }
  if (name == "chunked_256k") {
    return {.at_once = text_of(kOk, kJsonLine, "Transfer-Encoding: chunked\r\n", kLast),
            .again = chunk(blanks),
            .repeats = 4,
            .at_last = chunk(" ") + "0\r\n\r\n"};
  }
  const std::string packed = gzip_body();
  return {.at_once = text_of(kOk, kJsonLine, "Content-Encoding: gzip\r\n",
                             "Content-Length: " + std::to_string(packed.size()) + "\r\n")
                         .append(kLast)
                         .append(packed)};
}

}  // namespace

std::optional<Call> read_head(std::string_view head) {
  const std::string_view line = head.substr(0, head.find("\r\n"));
  const std::size_t first = line.find(' ');
  const std::size_t second = line.rfind(' ');
  if (first == std::string_view::npos || second <= first) return std::nullopt;
  if (!line.substr(second + 1).starts_with("HTTP/1.")) return std::nullopt;
  Call call;
  call.method = std::string(line.substr(0, first));
  const std::string_view target = line.substr(first + 1, second - first - 1);
  const std::size_t question = target.find('?');
  call.path = std::string(target.substr(0, question));
  if (question != std::string_view::npos) call.query = std::string(target.substr(question + 1));
  head.remove_prefix(line.size());
  while (head.starts_with("\r\n")) {
    head.remove_prefix(2);
    const std::string_view field = head.substr(0, head.find("\r\n"));
    head.remove_prefix(field.size());
    const std::size_t colon = field.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    std::string_view value = field.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    call.headers.emplace_back(field.substr(0, colon), value);
  }
  return call;
}

Script make_script(const Reply& reply) {
  const std::string_view name = reply.raw_fault;
  if (name.empty()) return {.at_once = honest(reply)};
  if (name == "close_at_once") return {};
  if (name == "reset") return {.reset = true};
  if (name == "garbage") return {.at_once = std::string(4096, '\x16')};
  if (name == "length_garbage") {
    return {.at_once = text_of(kOk, kJsonLine, "Content-Length: 1x\r\n", kLast) + reply.body};
  }
  if (name == "chunk_garbage") {
    return {.at_once = text_of(kOk, kJsonLine, "Transfer-Encoding: chunked\r\n", kLast) +
                       "xy\r\n{}\r\n0\r\n\r\n"};
  }
  if (name == "truncated_chunk") {
    const std::string whole = chunk(reply.body);
    return {.at_once = text_of(kOk, kJsonLine, "Transfer-Encoding: chunked\r\n", kLast) +
                       whole.substr(0, whole.size() / 2)};
  }
  for (const char* stall :
       {"silent", "header_drip", "body_drip", "slow_but_valid", "length_long", "length_short"}) {
    if (name == stall) return stalling(name, reply);
  }
  return flooding(name, reply);
}

}  // namespace portero::stand_in
