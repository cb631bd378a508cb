// The text up to the fault was JSON, so a simple scan finds its pieces: where the last one begins,
// which came before it, and which brackets are open. What is wrong follows from these.
#include "proxy/base/json_fault.h"

#include <algorithm>
#include <array>
#include <vector>

#include "proxy/base/text.h"

namespace portero {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kPunctuation = "{}[]:,";
constexpr std::string_view kWrongQuotes = "'`";
constexpr std::array<std::string_view, 7> kTypographicQuotes = {
    "\u201c", "\u201d", "\u201e", "\u2018", "\u2019", "\u00ab", "\u00bb"};

/// A piece of the text: a bracket, comma or colon (`kind` is it), a text in quotes ('"'), or a word
/// ('w': a number, `true`, or what is none of JSON's).
struct Piece {
  char kind = 0;  // 0: there is none
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Where a text in quotes ends, its closing quote included; without one: beyond the end of all.
std::size_t end_of_quoted(std::string_view text, std::size_t begin) {
  for (std::size_t at = begin + 1; at < text.size(); ++at) {
    if (text[at] == '"') return at + 1;
    if (text[at] == '\\') ++at;
  }
  return text.size() + 1;
}

/// The first piece from `at` on.
Piece next_piece(std::string_view text, std::size_t at) {
  at = text.find_first_not_of(kBlanks, at);
  if (at == std::string_view::npos) return {.kind = 0, .begin = text.size(), .end = text.size()};
  if (text[at] == '"') return {.kind = '"', .begin = at, .end = end_of_quoted(text, at)};
  if (kPunctuation.find(text[at]) != std::string_view::npos) {
    return {.kind = text[at], .begin = at, .end = at + 1};
  }
  const std::size_t end = text.find_first_of(" \t\r\n{}[]:,\"", at);
  return {.kind = 'w', .begin = at, .end = std::min(end, text.size())};
}

/// What the reader had before it when it stopped.
struct Scene {
  std::string_view text;
  Piece found;   // in which it stopped; kind 0: the text had ended
  Piece before;  // the piece before that
  bool before_is_name = false;
  std::vector<Piece> open = {};  // the brackets that are open

  [[nodiscard]] bool is_in(char bracket) const {
    return !open.empty() && open.back().kind == bracket;
  }
  /// Whether the next piece must be a name, or may be a value.
  [[nodiscard]] bool wants_name() const {
    return is_in('{') && (before.kind == '{' || before.kind == ',');
  }
  [[nodiscard]] bool wants_value() const {
    return before.kind == 0 || before.kind == ':' || before.kind == '[' ||
           (before.kind == ',' && is_in('['));
  }
};

bool is_opening(char kind) { return kind == '{' || kind == '['; }
bool is_closing(char kind) { return kind == '}' || kind == ']'; }

Scene scan(std::string_view text, std::size_t taken) {
  Scene scene{.text = text, .found = next_piece(text, 0), .before = {}};
  while (scene.found.kind != 0 && scene.found.end < taken) {
    scene.before_is_name = scene.found.kind == '"' && scene.wants_name();
    if (is_opening(scene.found.kind)) scene.open.push_back(scene.found);
    if (is_closing(scene.found.kind) && !scene.open.empty()) scene.open.pop_back();
    scene.before = scene.found;
    scene.found = next_piece(text, scene.found.end);
  }
  return scene;
}

struct Verdict {
  std::size_t at = 0;  // offset
  std::string what;
  std::string fix;
};

std::string ticked(char c) { return {'`', c, '`'}; }

Verdict judge_end(const Scene& scene) {
  const std::size_t end = scene.text.size();
  if (scene.before.kind == 0) return {end, "it is empty", "write a JSON document"};
  if (scene.open.empty()) return {scene.before.begin, "a word that is not whole", "write it out"};
  const Piece& open = scene.open.back();
  return {end,
          "it ends there, but the " + ticked(open.kind) + " of " +
              describe_place(scene.text, open.begin) + " is open",
          "write the rest, or close it with " + ticked(open.kind == '{' ? '}' : ']')};
}

/// The reader stopped inside of a text in quotes, at the byte `at`.
Verdict judge_inside(const Scene& scene, std::size_t at) {
  const bool is_over = at >= scene.text.size();
  const char c = is_over ? '\n' : scene.text[at];
  if (c == '\n' || c == '\r') {
    return {scene.found.begin, "a text without its closing quote", "close it on its line, with \""};
  }
  const auto byte = static_cast<unsigned char>(c);
  if (byte < 0x20) return {at, "a control character", "remove it, or write it as \\t or \\u00.."};
  if (byte >= 0x80) return {at, "a byte that is not UTF-8", "save the text as UTF-8"};
  const std::size_t backslash = scene.text.rfind('\\', at);
  return {std::max(backslash, scene.found.begin), "a backslash that begins no escape",
          R"(write two for one: \\)"};
}

bool is_comment(std::string_view word) {
  return word.starts_with('#') || word.starts_with("//") || word.starts_with("/*");
}

bool is_wrong_quote(std::string_view word) {
  return kWrongQuotes.find(word.front()) != std::string_view::npos ||
         std::any_of(kTypographicQuotes.begin(), kTypographicQuotes.end(),
                     [word](std::string_view quote) { return word.starts_with(quote); });
}

bool begins_number(std::string_view word) {
  return is_digit(word.front()) || word.front() == '.' ||
         ((word.front() == '+' || word.front() == '-') && word.size() > 1 &&
          (is_digit(word[1]) || word[1] == '.'));
}

/// A piece that is none of JSON's, or is where a value or a name should be.
Verdict judge_word(const Scene& scene) {
  const std::size_t at = scene.found.begin;
  const std::string_view word = scene.text.substr(at, scene.found.end - at);
  if (is_comment(word)) return {at, "a comment", "remove it: JSON has none"};
  if (is_wrong_quote(word)) {
    return {at, "a quotation mark that JSON does not have", "write \" around names and texts"};
  }
  if (word.starts_with('=')) return {at, "a `=`", "write `:` between a name and its value"};
  if (static_cast<unsigned char>(word.front()) >= 0x80) {
    return {at, "a character beyond ASCII outside of a text",
            "remove it (it may look like a blank)"};
  }
  if (scene.wants_name()) return {at, "a name without quotes", "write it in double quotes"};
  if (begins_number(word)) {
    return {at, "this is no number as JSON writes it",
            "write plain digits without a leading zero or +, or put it into double quotes"};
  }
  return {at, "a word without quotes",
          "write it in double quotes; of true, false and null, the small letters"};
}

Verdict judge_comma(const Scene& scene) {
  const Piece& found = scene.found;
  const char before = scene.before.kind;
  if (before == ':') return {found.begin, "a value is missing before the `,`", "write one"};
  return {found.begin, before == ',' ? "a second comma" : "a comma too many", "remove it"};
}

Verdict judge_closing(const Scene& scene) {
  const Piece& found = scene.found;
  const std::string bracket = ticked(found.kind);
  const char before = scene.before.kind;
  if (scene.open.empty()) return {found.begin, "a " + bracket + " too many", "remove it"};
  if (before == ',') return {scene.before.begin, "a comma before the " + bracket, "remove it"};
  if (before == ':') return {found.begin, "a value is missing before the " + bracket, "write one"};
  const char right = scene.open.back().kind == '{' ? '}' : ']';
  if (found.kind == right) {
    return {found.begin, "a name without a value before the " + bracket, "write `:` and a value"};
  }
  return {found.begin,
          "a " + bracket + ", but the " + ticked(scene.open.back().kind) + " of " +
              describe_place(scene.text, scene.open.back().begin) + " is open",
          "write " + ticked(right)};
}

/// A value or a name where neither belongs.
Verdict judge_begin(const Scene& scene) {
  if (scene.before_is_name) {
    return {scene.before.end, "a colon is missing", "write `:` between a name and its value"};
  }
  if (scene.wants_name()) {
    return {scene.found.begin, "no name in double quotes stands where one should", "write one"};
  }
  return {scene.before.end, "a comma is missing",
          "write `,` between two values, or close what is open before"};
}

Verdict judge(const Scene& scene, std::size_t taken) {
  const Piece& found = scene.found;
  if (found.kind == 0) return judge_end(scene);
  const std::string_view rest = scene.text.substr(found.begin);
  const bool is_expected = scene.wants_name() || scene.wants_value();
  if (is_comment(rest) || is_wrong_quote(rest)) return judge_word(scene);
  if (found.kind == '"' && (taken < found.end || taken > scene.text.size() || is_expected)) {
    return judge_inside(scene, taken - 1);
  }
  if (is_closing(found.kind)) return judge_closing(scene);
  if (scene.before.kind != 0 && scene.open.empty()) {
    return {found.begin, "more after the end", "keep one document and remove the rest"};
  }
  if (found.kind == ',') return judge_comma(scene);
  if (found.kind == ':') return {found.begin, "a `:` where none belongs", "write `,` or remove it"};
  const bool is_odd = is_expected || rest.starts_with('=');
  return found.kind == 'w' && is_odd ? judge_word(scene) : judge_begin(scene);
}

}  // namespace

std::string describe_place(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t line_end = before.rfind('\n');
  const std::string_view line =
      line_end == std::string_view::npos ? before : before.substr(line_end + 1);
  const auto is_character = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  return "line " + std::to_string(1 + std::count(before.begin(), before.end(), '\n')) +
         ", column " + std::to_string(1 + std::count_if(line.begin(), line.end(), is_character));
}

Problem make_json_problem(std::string_view key, std::string_view text, const JsonRefusal& refusal) {
  const auto problem = [key](std::string_view wrong, std::string_view fix) {
    return Problem{std::string(key), std::string(wrong), std::string(fix)};
  };
  const std::string place = describe_place(text, refusal.taken == 0 ? 0 : refusal.taken - 1);
  switch (refusal.fault) {
    case JsonFault::kTooLong:
      return problem("is too long", "remove what is not needed");
    case JsonFault::kNul:
      return problem("holds a NUL byte", "remove it, at " + place + ", or save the text as UTF-8");
    case JsonFault::kByteOrderMark:
      return problem("begins with a byte order mark",
                     "remove its three bytes, EF BB BF, at line 1, column 1: save the text as "
                     "UTF-8 without BOM");
    case JsonFault::kTooDeep:
      return problem("nests objects or lists too deep at " + place, "remove the inner ones");
    case JsonFault::kRepeatedKey:
      return problem("names one member twice in an object",
                     "keep one; the second ends at " + place);
    case JsonFault::kSyntax:
      break;
  }
  const Verdict verdict = judge(scan(text, refusal.taken), refusal.taken);
  return problem("is not valid JSON at " + describe_place(text, verdict.at) + ": " + verdict.what,
                 verdict.fix);
}

}  // namespace portero
