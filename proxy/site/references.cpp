#include "proxy/site/references.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "proxy/base/text.h"

namespace portero {
namespace {

constexpr std::uint32_t kReplacement = 0xFFFD;
constexpr std::uint32_t kLast = 0x10FFFF;

struct Named {
  std::string_view name;  // without '&' and ';'
  char character;
  bool needs_end = true;  // false: as old as HTML itself, and read without its ';', too
};

constexpr auto kNamed = std::to_array<Named>({
    {"amp", '&', false}, {"lt", '<', false}, {"gt", '>', false}, {"quot", '"', false},
    {"AMP", '&', false}, {"LT", '<', false}, {"GT", '>', false}, {"QUOT", '"', false},
    {"apos", '\''},      {"sol", '/'},       {"colon", ':'},     {"semi", ';'},
    {"comma", ','},      {"period", '.'},    {"quest", '?'},     {"equals", '='},
    {"num", '#'},        {"percnt", '%'},    {"plus", '+'},      {"ast", '*'},
    {"lowbar", '_'},     {"commat", '@'},    {"excl", '!'},      {"lpar", '('},
    {"rpar", ')'},       {"lsqb", '['},      {"rsqb", ']'},      {"bsol", '\\'},
    {"Tab", '\t'},       {"NewLine", '\n'},
});

void append_utf8(std::string& to, std::uint32_t code) {
  const auto low = [](std::uint32_t bits) { return static_cast<char>(0x80U | (bits & 0x3FU)); };
  if (code < 0x80) {
    to += static_cast<char>(code);
  } else if (code < 0x800) {
    to.append({static_cast<char>(0xC0U | (code >> 6U)), low(code)});
  } else if (code < 0x10000) {
    to.append({static_cast<char>(0xE0U | (code >> 12U)), low(code >> 6U), low(code)});
  } else {
    to.append(
        {static_cast<char>(0xF0U | (code >> 18U)), low(code >> 12U), low(code >> 6U), low(code)});
  }
}

/// -1: no digit of that base.
int digit_of(char c, std::uint32_t base) {
  if (is_digit(c)) return c - '0';
  if (base == 10) return -1;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// `text` begins with "&#". How much of it is a reference, decoded into `to`; 0: none.
std::size_t take_numeric(std::string_view text, std::string& to) {
  std::size_t at = 2;
  const bool is_hex = at < text.size() && (text[at] == 'x' || text[at] == 'X');
  const std::uint32_t base = is_hex ? 16 : 10;
  if (is_hex) ++at;
  const std::size_t begin = at;
  std::uint32_t code = 0;
  for (; at < text.size() && digit_of(text[at], base) >= 0; ++at) {
    code = std::min(code * base + static_cast<std::uint32_t>(digit_of(text[at], base)), kLast + 1);
  }
  if (at == begin) return 0;
  const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
  append_utf8(to, code == 0 || code > kLast || is_surrogate ? kReplacement : code);
  return at < text.size() && text[at] == ';' ? at + 1 : at;
}

/// Likewise, for `text` that begins with "&". In an attribute "&lt=" and "&ltx" stand for
/// themselves.
std::size_t take_named(std::string_view text, std::string& to) {
  for (const Named& named : kNamed) {
    if (!text.substr(1).starts_with(named.name)) continue;
    const std::size_t end = 1 + named.name.size();
    const char next = end < text.size() ? text[end] : '\0';
    const bool goes_on = next == '=' || is_alphanumeric(next);
    if (next != ';' && (named.needs_end || goes_on)) continue;
    to += named.character;
    return next == ';' ? end + 1 : end;
  }
  return 0;
}

}  // namespace

std::string decode_references(std::string_view text) {
  std::string decoded;
  while (!text.empty()) {
    std::size_t taken = 0;
    if (text.starts_with("&#")) {
      taken = take_numeric(text, decoded);
    } else if (text.front() == '&') {
      taken = take_named(text, decoded);
    }
    if (taken == 0) decoded += text.front();
    text.remove_prefix(std::max<std::size_t>(taken, 1));
  }
  return decoded;
}

}  // namespace portero
