// Text as protocols write it: ASCII, no locale, no allocation where none is needed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portero {

[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
[[nodiscard]] constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
[[nodiscard]] constexpr bool is_alphanumeric(char c) {
  return is_digit(c) || is_lower(c) || is_upper(c);
}

/// True when every character is a letter, a digit or one of `others`.
[[nodiscard]] bool is_alphanumeric_or(std::string_view others, std::string_view text);

/// The text with A-Z as a-z.
[[nodiscard]] std::string lower(std::string_view text);

/// Equal but for the case of A-Z. REQUIRES: they are of one length.
[[nodiscard]] bool spells_alike(std::string_view a, std::string_view b);

/// Equal but for the case of A-Z.
[[nodiscard]] inline bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && spells_alike(a, b);
}

/// The text without spaces and tabs at its ends (RFC 9110: OWS).
[[nodiscard]] std::string_view strip(std::string_view text);

/// Removes the first part and its separator from `text` and returns the part. Without a separator
/// it takes everything.
std::string_view take_part(std::string_view& text, char separator);

/// The parts between separators, empty ones included: "a,,b" has three. An empty text has none.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

/// The entries of a list that commas, spaces, tabs or line ends separate; none is empty.
[[nodiscard]] std::vector<std::string_view> split_list(std::string_view text);

/// The number, if the whole text is one decimal number from `min` to `max`; nullopt otherwise. A
/// leading zero passes, a sign or a blank does not.
[[nodiscard]] std::optional<std::int64_t> read_number(std::string_view text, std::int64_t min = 0,
                                                      std::int64_t max = INT64_MAX);

}  // namespace portero
