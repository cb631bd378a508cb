#include "proxy/base/text.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace portero {
namespace {

char to_lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

/// Of every character, for it is asked of each one of a session.
constexpr std::array<bool, 256> kAlphanumeric = [] {
  std::array<bool, 256> are{};
  for (int c = 0; c < 256; ++c) {
    are.at(static_cast<std::size_t>(c)) = is_alphanumeric(static_cast<char>(c));
  }
  return are;
}();

}  // namespace

/// Most characters are in the table: it is looked at without a branch for each.
bool is_alphanumeric_or(std::string_view others, std::string_view text) {
  const auto is_other = [others](char c) { return others.find(c) != std::string_view::npos; };
  for (const char c : text) {
    if (!kAlphanumeric[static_cast<unsigned char>(c)] && !is_other(c)) return false;
  }
  return true;
}

std::string lower(std::string_view text) {
  std::string lowered(text);
  std::transform(lowered.begin(), lowered.end(), lowered.begin(), to_lower);
  return lowered;
}

bool spells_alike(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(),
                    [](char x, char y) { return to_lower(x) == to_lower(y); });
}

std::string_view strip(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view take_part(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  if (text.empty()) return parts;
  const bool ends_empty = text.back() == separator;
  while (!text.empty()) parts.push_back(take_part(text, separator));
  if (ends_empty) parts.emplace_back();
  return parts;
}

std::vector<std::string_view> split_list(std::string_view text) {
  constexpr std::string_view kSeparators = ", \t\n";
  std::vector<std::string_view> entries;
  std::size_t begin = text.find_first_not_of(kSeparators);
  while (begin != std::string_view::npos) {
    const std::size_t end = std::min(text.find_first_of(kSeparators, begin), text.size());
    entries.push_back(text.substr(begin, end - begin));
    begin = text.find_first_not_of(kSeparators, end);
  }
  return entries;
}

std::optional<std::int64_t> read_number(std::string_view text, std::int64_t min, std::int64_t max) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || at != end || text.front() == '-') return std::nullopt;
  if (number < min || number > max) return std::nullopt;
  return number;
}

}  // namespace portero
