// An answer of ours taken apart as a strict client does it, and what every one must keep to.
#pragma once

#include <set>
#include <vector>

#include "proxy/base/http.h"
#include "proxy/settings/settings.h"
#include "tests/fuzz/fuzz.h"

namespace portero {

struct SentAnswer {
  int status = 0;
  std::vector<Header> headers;
  std::string body;
};

/// The one answer in `text`; ends the process when it is not just one.
inline SentAnswer read_answer(std::string_view text, bool is_head) {
  SentAnswer answer;
  const std::size_t end = text.find("\r\n\r\n");
  check(text.starts_with("HTTP/1.1 ") && end != text.npos, "it has a status line and an end");
  std::string_view head = text.substr(0, end + 2);
  answer.body = text.substr(end + 4);
  answer.status = std::atoi(std::string(take(head).substr(9, 3)).c_str());
  while (!head.empty()) {
    std::string_view line = take(head);
    check(line.ends_with('\r') && line.find('\r') + 1 == line.size(), "lines end once");
    line.remove_suffix(1);
    const std::string_view name = take(line, ':');
    check(line.starts_with(' ') && line.find('\0') == line.npos, "a header is a name and a value");
    answer.headers.push_back({std::string(name), std::string(line.substr(1))});
  }
  const std::string* length = find_header(answer.headers, "Content-Length");
  const bool has_length = answer.status != 204 && answer.status != 304;
  check((length != nullptr) == has_length, "a length is where it belongs");
  const bool is_whole = length != nullptr && !is_head;
  check(answer.body == (is_whole ? answer.body : ""), "there is no body without a length");
  check(!is_whole || *length == std::to_string(answer.body.size()), "the length is the body's");
  return answer;
}

/// What a problem may say: the table's words, a delay, a nonce, and nothing of the request's.
inline bool is_problem(std::string body) {
  static const std::set<std::string> kProblems = [] {
    std::set<std::string> bodies;
    for (const Error error : all_errors()) {
      if (http_status(error) != 0) bodies.insert(make_problem(error).body);
    }
    return bodies;
  }();
  const std::size_t retry = body.find(",\"retry_after\":");
  if (retry != body.npos)
    body.erase(retry, body.find_first_not_of("0123456789", retry + 15) - retry);
  const std::size_t nonce = body.find(",\"nonce\":\"");
  if (nonce != body.npos) body.erase(nonce, sizeof(",\"nonce\":\"\"") - 1 + 22);
  return kProblems.contains(body);
}

/// Every answer to a visitor, files aside.
inline void validate_answer(const SentAnswer& answer, const Request& request, const Site& site) {
  static const std::set<std::string> kNames = {"Date",
                                               "Content-Type",
                                               "Set-Cookie",
                                               "Retry-After",
                                               "Allow",
                                               "WWW-Authenticate",
                                               "Cache-Control",
                                               "Vary",
                                               "X-Content-Type-Options",
                                               "Cross-Origin-Resource-Policy",
                                               "Content-Length",
                                               "Connection",
                                               "Access-Control-Allow-Origin",
                                               "Access-Control-Allow-Credentials",
                                               "Access-Control-Allow-Methods",
                                               "Access-Control-Allow-Headers",
                                               "Access-Control-Max-Age",
                                               "Access-Control-Expose-Headers"};
  for (const Header& header : answer.headers) {
    check(kNames.contains(header.name), "every header is one of ours");
    if (header.name == "Access-Control-Allow-Origin") check(header.value == site.origin, "origin");
    if (header.name == "Set-Cookie")
      check(header.value.starts_with(site.cookie_name + "="), "cookie");
  }
  check(answer.status >= 200 && answer.status / 100 != 3, "nothing interim, nowhere else to go");
  const bool is_config = request.target == "/v1/config" && answer.status == 200;
  const std::string* cache = find_header(answer.headers, "Cache-Control");
  const bool is_kept = cache != nullptr && *cache == "private, max-age=300";
  check(is_kept || (cache != nullptr && *cache == "no-store"), "cache");
  check(!is_kept || (is_config && answer.body.find("\"nonce\"") == answer.body.npos), "cache");
  check(answer.status < 400 || answer.body.empty() || is_problem(answer.body), "no echo");
}

}  // namespace portero
