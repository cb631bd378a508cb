// See wire.h.
#include "tests/github/wire.h"

#include <openssl/sha.h>

#include <array>
#include <cctype>
#include <cstdint>
#include <ctime>
#include <nlohmann/json.hpp>

namespace portero::stand_in {
namespace {

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char small = lower(c);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

std::string percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool whole = text[i] == '%' && i + 2 < text.size();
    const int high = whole ? hex_digit(text[i + 1]) : -1;
    const int low = whole ? hex_digit(text[i + 2]) : -1;
    if (high >= 0 && low >= 0) {
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      out.push_back(text[i] == '+' ? ' ' : text[i]);
    }
  }
  return out;
}

std::optional<std::string> read_base64(std::string_view text) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const std::size_t digit = kAlphabet.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = ((bits << 6U) | static_cast<std::uint32_t>(digit)) & 0xFFFFFFU;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out.push_back(static_cast<char>((bits >> static_cast<unsigned>(held)) & 0xFFU));
  }
  return out;
}

std::string scalar_text(const nlohmann::json& value) {
  return value.is_string() ? *value.get_ptr<const std::string*>() : value.dump();
}

}  // namespace

const std::string* find(const Fields& fields, std::string_view name) {
  for (auto field = fields.rbegin(); field != fields.rend(); ++field) {
    if (field->first == name) return &field->second;
  }
  return nullptr;
}

std::string value_of(const Fields& fields, std::string_view name) {
  const std::string* value = find(fields, name);
  return value == nullptr ? std::string() : *value;
}

Fields read_form(std::string_view text) {
  Fields fields;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    const std::string_view value =
        equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
    fields.emplace_back(percent_decode(pair.substr(0, equals)), percent_decode(value));
  }
  return fields;
}

std::optional<Fields> read_json_fields(std::string_view text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  Fields fields;
  for (const auto& [name, value] : json.items()) {
    if (value.is_string() || value.is_number() || value.is_boolean()) {
      fields.emplace_back(name, scalar_text(value));
    }
  }
  return fields;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  constexpr std::string_view kPlain = "-._~";
  std::string out;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if ((octet < 0x80 && std::isalnum(octet) != 0) || kPlain.find(c) != std::string_view::npos) {
      out.push_back(c);
    } else {
      out.push_back('%');
      out.push_back(kHex[octet >> 4U]);
      out.push_back(kHex[octet & 15U]);
    }
  }
  return out;
}

std::string write_form(const Fields& fields) {
  std::string out;
  for (const auto& [name, value] : fields) {
    if (!out.empty()) out.push_back('&');
    out += percent_encode(name) + "=" + percent_encode(value);
  }
  return out;
}

std::string write_json(const Fields& fields) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const auto& [name, value] : fields) {
    const auto number = nlohmann::ordered_json::parse(value, nullptr, false);
    const bool seconds = name.ends_with("expires_in") && number.is_number_integer();
    json[name] = seconds ? number : nlohmann::ordered_json(value);
  }
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string write_xml(const Fields& fields) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<OAuth>\n";
  for (const auto& [name, value] : fields) {
    out.append("  <").append(name).append(">").append(escape_html(value));
    out.append("</").append(name).append(">\n");
  }
  return out + "</OAuth>\n";
}

std::optional<std::string> credentials_of(std::string_view header, std::string_view scheme) {
  if (header.size() <= scheme.size() || header[scheme.size()] != ' ') return std::nullopt;
  if (!same_without_case(header.substr(0, scheme.size()), scheme)) return std::nullopt;
  header.remove_prefix(scheme.size());
  while (!header.empty() && header.front() == ' ') header.remove_prefix(1);
  return std::string(header);
}

std::optional<Basic> read_basic(std::string_view authorization_header) {
  const auto encoded = credentials_of(authorization_header, "Basic");
  const auto pair = encoded ? read_base64(*encoded) : std::nullopt;
  if (!pair) return std::nullopt;
  const std::size_t colon = pair->find(':');
  if (colon == std::string::npos) return std::nullopt;
  return Basic{.user = pair->substr(0, colon), .password = pair->substr(colon + 1)};
}

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out.push_back(c);
    }
  }
  return out;
}

std::string sha256(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return {digest.begin(), digest.end()};
}

std::string to_hex(std::string_view octets) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (const char c : octets) {
    out.push_back(kHex[static_cast<unsigned char>(c) >> 4U]);
    out.push_back(kHex[static_cast<unsigned char>(c) & 15U]);
  }
  return out;
}

std::string base64url(std::string_view octets) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char c : octets) {
    bits = ((bits << 8U) | static_cast<unsigned char>(c)) & 0xFFFFU;
    held += 8;
    for (; held >= 6; held -= 6) out.push_back(kAlphabet[(bits >> (held - 6)) & 63U]);
  }
  if (held > 0) out.push_back(kAlphabet[(bits << (6 - held)) & 63U]);
  return out;
}

std::string alphanumeric(std::string_view octets) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string out;
  for (const char c : octets) {
    out.push_back(kAlphabet[static_cast<unsigned char>(c) % kAlphabet.size()]);
  }
  return out;
}

bool same_without_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

std::string format_time(std::int64_t unix_seconds, const char* format) {
  const auto time = static_cast<std::time_t>(unix_seconds);
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 64> text{};
  return {text.data(), std::strftime(text.data(), text.size(), format, &parts)};
}

}  // namespace portero::stand_in
