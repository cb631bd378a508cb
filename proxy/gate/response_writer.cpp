#include "proxy/gate/response_writer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "proxy/base/text.h"
#include "wasm/protocol.h"

namespace portero {
namespace {

constexpr std::size_t kHeadSize = 1024;  // bytes; most heads are shorter

constexpr std::array<std::pair<int, std::string_view>, 19> kReasons = {
    {{200, "OK"},
     {201, "Created"},
     {204, "No Content"},
     {301, "Moved Permanently"},
     {304, "Not Modified"},
     {400, "Bad Request"},
     {401, "Unauthorized"},
     {403, "Forbidden"},
     {404, "Not Found"},
     {405, "Method Not Allowed"},
     {408, "Request Timeout"},
     {413, "Content Too Large"},
     {415, "Unsupported Media Type"},
     {429, "Too Many Requests"},
     {431, "Request Header Fields Too Large"},
     {500, "Internal Server Error"},
     {502, "Bad Gateway"},
     {503, "Service Unavailable"},
     {504, "Gateway Timeout"}}};

constexpr std::string_view kResourcePolicy = "Cross-Origin-Resource-Policy";

std::string_view reason_of(int status) {
  const auto* at = std::find_if(kReasons.begin(), kReasons.end(),
                                [=](const auto& reason) { return reason.first == status; });
  return at == kReasons.end() ? std::string_view("Unknown") : at->second;
}

bool is_named(const Header& header, std::string_view name) {
  return equals_ignoring_case(header.name, name);
}

bool is_one_line(const std::string& text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

bool is_safe(const std::vector<Header>& headers) {
  return std::all_of(headers.begin(), headers.end(), [](const Header& header) {
    return !header.name.empty() && is_one_line(header.name) && is_one_line(header.value);
  });
}

/// Whole header lines in visible ASCII and blanks, and none that is empty: that would end the head.
bool are_lines(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find("\r\n");
    if (end == std::string_view::npos || end == 0) return false;
    const std::string_view line = text.substr(0, end);
    const bool is_good =
        std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '~'; });
    if (!is_good) return false;
    text.remove_prefix(end + 2);
  }
  return true;
}

/// Framing and the date are this file's alone; so is caching of API answers, the config aside.
bool is_passed(const Header& header, const Response& response, const WriteOptions& options) {
  constexpr std::array<std::string_view, 5> kOurs = {"Date", "Content-Length", "Connection",
                                                     "Transfer-Encoding", "Server"};
  for (const std::string_view ours : kOurs) {
    if (is_named(header, ours)) return false;
  }
  // A duplicated header is ambiguous.
  if (options.cors.has(header.name)) return false;
  if (!is_named(header, "Cache-Control")) return true;
  const std::string_view path = path_of(options.target);
  const bool is_config = path == kConfigPath && response.status == 200;
  return is_config || !(is_api_target(path) || path == kHealthPath || path == kReadyPath);
}

void add_line(std::string& text, std::string_view name, std::string_view value) {
  text.append(name).append(": ", 2).append(value).append("\r\n", 2);
}

}  // namespace

WrittenResponse write_response(const Response& response, const WriteOptions& options) {
  if (!is_safe(response.headers) || !are_lines(response.lines)) {
    return write_response(make_problem(Error::kInternal), options);
  }
  std::string text;
  text.reserve(kHeadSize + response.lines.size() + response.body.size());
  text.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
  text.append(reason_of(response.status)).append("\r\n");
  add_line(text, "Date", options.date);
  bool says_cache = false;
  bool says_resource_policy = false;
  for (const Header& header : response.headers) {
    if (!is_passed(header, response, options)) continue;
    says_cache = says_cache || is_named(header, "Cache-Control");
    says_resource_policy = says_resource_policy || is_named(header, kResourcePolicy);
    add_line(text, header.name, header.value);
  }
  text.append(response.lines);
  for (const auto& header : options.cors.lines()) add_line(text, header.name, header.value);
  if (!says_cache) add_line(text, "Cache-Control", "no-store");
  add_line(text, "X-Content-Type-Options", "nosniff");
  if (!says_resource_policy) add_line(text, kResourcePolicy, "same-origin");
  const bool has_length =
      response.status >= 200 && response.status != 204 && response.status != 304;
  const std::string& body = response.shared_body ? *response.shared_body : response.body;
  if (has_length) add_line(text, "Content-Length", std::to_string(body.size()));
  if (options.closes) add_line(text, "Connection", "close");
  text.append("\r\n");
  const bool has_body = has_length && !options.is_head;
  if (has_body && !response.shared_body) text.append(body);
  return {.bytes = std::move(text), .rest = has_body ? response.shared_body : nullptr};
}

}  // namespace portero
