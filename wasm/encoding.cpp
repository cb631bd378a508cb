#include "wasm/encoding.h"

#include <cstddef>
#include <cstdint>

#include "wasm/characters.h"

namespace portero {
namespace {

constexpr std::string_view kBase64Url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kUpperHex = "0123456789ABCDEF";

constexpr std::uint32_t kNoDigit = 64;

/// 0-63, or kNoDigit.
constexpr std::uint32_t base64url_digit(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<std::uint32_t>(c - 'A');
  if (c >= 'a' && c <= 'z') return static_cast<std::uint32_t>(c - 'a') + 26;
  if (c >= '0' && c <= '9') return static_cast<std::uint32_t>(c - '0') + 52;
  if (c == '-') return 62;
  return c == '_' ? 63 : kNoDigit;
}

/// 0-15, or -1.
constexpr int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

std::string hex_encode(std::span<const unsigned char> bytes) {
  constexpr std::string_view kLowerHex = "0123456789abcdef";
  std::string digits;
  for (const unsigned char byte : bytes) {
    digits += kLowerHex[byte >> 4U];
    digits += kLowerHex[byte & 15U];
  }
  return digits;
}

std::string base64url_encode(std::span<const unsigned char> bytes) {
  std::string text;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const unsigned char byte : bytes) {
    bits = (bits << 8U | byte) & 0xFFFFU;
    count += 8;
    while (count >= 6) {
      count -= 6;
      text += kBase64Url[bits >> count & 63U];
    }
  }
  if (count > 0) text += kBase64Url[bits << (6 - count) & 63U];
  return text;
}

Result<std::vector<unsigned char>> base64url_decode(std::string_view text) {
  if (text.size() % 4 == 1) return Error::kBadRequest;
  std::vector<unsigned char> bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const std::uint32_t digit = base64url_digit(c);
    if (digit == kNoDigit) return Error::kBadRequest;
    bits = (bits << 6U | digit) & 0xFFFFU;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<unsigned char>(bits >> count & 0xFFU));
  }
  if ((bits & ((1U << count) - 1U)) != 0) return Error::kBadRequest;
  return bytes;
}

std::string percent_encode(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    if (is_unreserved(c)) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += kUpperHex[byte >> 4U];
    encoded += kUpperHex[byte & 15U];
  }
  return encoded;
}

Result<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    const int high = text.size() - i > 2 ? hex_value(text[i + 1]) : -1;
    const int low = text.size() - i > 2 ? hex_value(text[i + 2]) : -1;
    if (high < 0 || low < 0) return Error::kBadRequest;
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

bool equal_constant_time(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference |=
        static_cast<unsigned char>(a[i]) ^ static_cast<unsigned>(static_cast<unsigned char>(b[i]));
  }
  // Volatile: or a compiler might leave the loop at the first difference.
  const volatile unsigned seen = difference;
  return seen == 0;
}

}  // namespace portero
