// The encodings GitHub speaks: forms, JSON, XML, Basic credentials, base64, SHA-256 and HTML text.
// Refuses to know any endpoint. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace portero::stand_in {

/// Parameters in the order they came.
using Fields = std::vector<std::pair<std::string, std::string>>;

/// The last value of that name, as Rails reads a parameter sent twice; nullptr when absent.
[[nodiscard]] const std::string* find(const Fields& fields, std::string_view name);

/// The same, or "" when absent.
[[nodiscard]] std::string value_of(const Fields& fields, std::string_view name);

/// application/x-www-form-urlencoded, also a query without its `?`. A broken escape stays as is.
[[nodiscard]] Fields read_form(std::string_view text);

/// The members of a JSON object that are strings, numbers or booleans; nothing for anything else.
[[nodiscard]] std::optional<Fields> read_json_fields(std::string_view text);

[[nodiscard]] std::string percent_encode(std::string_view text);
[[nodiscard]] std::string write_form(const Fields& fields);

/// Values of expires_in and refresh_token_expires_in are written as numbers.
[[nodiscard]] std::string write_json(const Fields& fields);

/// <OAuth><name>value</name>…</OAuth>
[[nodiscard]] std::string write_xml(const Fields& fields);

/// What follows the scheme in `Authorization`, when the scheme is that one (without regard to
/// case).
[[nodiscard]] std::optional<std::string> credentials_of(std::string_view header,
                                                        std::string_view scheme);

struct Basic {
  std::string user;
  std::string password;
};
[[nodiscard]] std::optional<Basic> read_basic(std::string_view authorization_header);

[[nodiscard]] std::string escape_html(std::string_view text);

[[nodiscard]] std::string sha256(std::string_view text);       // 32 octets
[[nodiscard]] std::string to_hex(std::string_view octets);     // lower case
[[nodiscard]] std::string base64url(std::string_view octets);  // RFC 4648 §5, without padding

/// Letters and digits from octets; length as given.
[[nodiscard]] std::string alphanumeric(std::string_view octets);

[[nodiscard]] bool same_without_case(std::string_view a, std::string_view b);

inline constexpr const char* kIsoTime = "%Y-%m-%dT%H:%M:%SZ";
inline constexpr const char* kHttpDate = "%a, %d %b %Y %H:%M:%S GMT";

/// `format` as strftime() takes it, in UTC.
[[nodiscard]] std::string format_time(std::int64_t unix_seconds, const char* format);

}  // namespace portero::stand_in
