// Second judgements: the same questions the product answers, answered by other code, simpler or
// somebody else's. A fuzz target holds the two against each other.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <vector>

#include "tests/fuzz/fuzz.h"

namespace portero {

struct Chunks {
  enum class Ending { kWhole, kBroken, kMore } ending = Ending::kWhole;
  std::size_t end = 0;
  std::string body;
};

/// Whether a line ends there, or could once more has come.
inline Chunks::Ending line_ending(std::string_view rest) {
  if (rest.starts_with("\r\n")) return Chunks::Ending::kWhole;
  return rest.empty() || rest == "\r" ? Chunks::Ending::kMore : Chunks::Ending::kBroken;
}

/// Takes one chunk off `rest`, the last one too. False: the text ends here, in whatever way.
inline bool take_chunk(std::string_view& rest, std::size_t max, Chunks& chunks) {
  using enum Chunks::Ending;
  const std::string size(rest.substr(0, rest.find_first_not_of("0123456789abcdefABCDEF")));
  const std::size_t length = std::strtoul(size.c_str(), nullptr, 16);
  const bool fits = size.size() <= 8 && length <= max - chunks.body.size();
  rest.remove_prefix(size.size());
  chunks.ending = !fits || (size.empty() && !rest.empty()) ? kBroken : line_ending(rest);
  if (chunks.ending != kWhole) return false;
  rest.remove_prefix(2);
  chunks.body += rest.substr(0, length);
  chunks.ending = rest.size() < length ? kMore : line_ending(rest.substr(length));
  if (chunks.ending != kWhole) return false;
  rest.remove_prefix(length + 2);
  return length > 0;
}

/// A body in chunks, of at most `max` bytes, read from the whole text.
inline Chunks read_chunks(std::string_view text, std::size_t max) {
  Chunks chunks;
  std::string_view rest = text;
  while (take_chunk(rest, max, chunks)) {
  }
  const bool is_whole = chunks.ending == Chunks::Ending::kWhole;
  chunks.end = text.size() - (is_whole ? rest.size() : 0);
  if (chunks.end > 4 * max + 1024) chunks.ending = Chunks::Ending::kBroken;
  return chunks;
}

/// Where a request that was accepted ends: behind its last chunk, or Content-Length bytes after the
/// first empty line.
inline std::size_t end_of_request(std::string_view stream, std::size_t body_max) {
  const std::string head = lower_case(stream.substr(0, stream.find("\r\n\r\n") + 4));
  const std::size_t length = head.find("\r\ncontent-length:");
  const std::size_t coding = head.find("\r\ntransfer-encoding:");
  if (coding != head.npos) {
    const Chunks chunks = read_chunks(stream.substr(head.size()), body_max);
    check(length == head.npos, "chunks have no length beside them");
    check(head.find("\r\ntransfer-encoding:", coding + 1) == head.npos, "they are named once");
    check(head.find(" http/1.1\r\n") < coding, "there are none in HTTP/1.0");
    check(chunks.ending == Chunks::Ending::kWhole, "they are whole");
    check(chunks.body.empty() || head.starts_with("p"), "only POST, PUT and PATCH have a body");
    return head.size() + chunks.end;
  }
  if (length == head.npos) return head.size();
  check(head.find("\r\ncontent-length:", length + 1) == head.npos, "there is one length");
  return head.size() + std::strtoul(head.c_str() + length + 17, nullptr, 10);
}

/// Every value that stands after `NAME=` at the front of a pair of a Cookie line.
inline std::vector<std::string_view> cookie_values(std::string_view line, const std::string& name) {
  std::vector<std::string_view> values;
  const std::string start = name + "=";
  for (std::size_t at = line.find(start); at != line.npos; at = line.find(start, at + 1)) {
    const std::size_t before = line.substr(0, at).find_last_not_of(" \t");
    if (before != line.npos && line[before] != ';') continue;
    std::string_view value = line.substr(at + start.size());
    value = value.substr(0, value.find(';'));
    values.push_back(value.substr(0, value.find_last_not_of(" \t") + 1));
  }
  return values;
}

/// The values of a query's parameter, each with a newline behind it.
inline std::string query_values(std::string_view query, std::string_view name) {
  std::string values;
  if (query.starts_with('?')) query.remove_prefix(1);
  while (!query.empty()) {
    std::string_view value = take(query, '&');
    const auto decoded = percent_decode(take(value, '='));
    if (decoded && *decoded == name) values += *percent_decode(value) + "\n";
  }
  return values;
}

/// Whether a browser on a page stays on its origin: it drops tabs and line ends, trims blanks and
/// takes `\` for `/` (URL Standard, "basic URL parser"). Dot segments must not bring `//` to the
/// front.
inline bool stays_in_browser(std::string_view reference) {
  std::string seen;
  for (const char c : reference.substr(0, reference.find_first_of("?#"))) {
    if (c != '\t' && c != '\n' && c != '\r') seen += c == '\\' ? '/' : c;
  }
  seen.erase(0, seen.find_first_not_of(std::string_view("\0 ", 2)));
  return seen.starts_with('/') && !seen.starts_with("//") && seen.find("/..//") == seen.npos &&
         seen.find("/.//") == seen.npos;
}

struct Nesting {
  std::size_t deepest = 0;
  std::size_t members = 0;  // of objects, all together
};

/// Counts a JSON text's brackets and colons, strings aside.
inline Nesting count_nesting(std::string_view json) {
  Nesting count;
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '"') in_string = !in_string;
    if (in_string && c == '\\') ++i;
    if (in_string) continue;
    if (c == '{' || c == '[') count.deepest = std::max(count.deepest, ++depth);
    if (c == '}' || c == ']') --depth;
    if (c == ':') ++count.members;
  }
  return count;
}

/// Whether each "line L, column C" of a finding lies in the text it is about, or at its end.
inline bool names_places_in(std::string_view finding, std::string_view text) {
  for (std::size_t at = finding.find("line "); at != finding.npos;
       at = finding.find("line ", at + 1)) {
    unsigned line = 0;
    unsigned column = 0;
    if (std::sscanf(finding.data() + at, "line %u, column %u", &line, &column) != 2) continue;
    std::string_view rest = text;
    for (unsigned i = 1; i < line; ++i) {
      if (rest.find('\n') == rest.npos) return false;
      take(rest);
    }
    if (line == 0 || column == 0 || column > take(rest).size() + 1) return false;
  }
  return true;
}

using CurlUrl = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

inline std::string curl_part(const CurlUrl& url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url.get(), part, &text, 0) != CURLUE_OK) return "";
  const std::unique_ptr<char, decltype(&curl_free)> owned(text, &curl_free);
  return text;
}

/// Whether libcurl stays on the page's origin; what it cannot read goes nowhere.
inline bool stays_in_curl(const std::string& reference) {
  const CurlUrl url(curl_url(), &curl_url_cleanup);
  curl_url_set(url.get(), CURLUPART_URL, "https://page.example/app/", 0);
  if (curl_url_set(url.get(), CURLUPART_URL, reference.c_str(), 0) != CURLUE_OK) return true;
  return curl_part(url, CURLUPART_URL).starts_with("https://page.example/");
}

/// Whether libcurl takes it apart into scheme, host and port, nothing else, and writes it the same.
inline bool is_origin_to_curl(const std::string& text) {
  const CurlUrl url(curl_url(), &curl_url_cleanup);
  return curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) == CURLUE_OK &&
         curl_part(url, CURLUPART_URL) == text + "/" && curl_part(url, CURLUPART_USER).empty();
}

}  // namespace portero
