#include "wasm/encoding.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include "wasm/characters.h"

namespace portero {
namespace {

constexpr std::string_view kBase64Url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kUpperHex = "0123456789ABCDEF";

constexpr unsigned char kNoDigit = 64;

/// Of every character 0-63, or kNoDigit.
constexpr std::array<unsigned char, 256> kBase64UrlDigits = [] {
  std::array<unsigned char, 256> digits{};
  digits.fill(kNoDigit);
  unsigned char value = 0;
  for (const char c : kBase64Url) digits.at(static_cast<unsigned char>(c)) = value++;
  return digits;
}();

std::uint32_t base64url_digit(char c) { return kBase64UrlDigits[static_cast<unsigned char>(c)]; }

/// The 24 bits of the first four characters. One that is no digit shows in `seen`, where all of a
/// text come together.
std::uint32_t base64url_group(std::string_view text, std::uint32_t& seen) {
  const std::uint32_t a = base64url_digit(text[0]);
  const std::uint32_t b = base64url_digit(text[1]);
  const std::uint32_t c = base64url_digit(text[2]);
  const std::uint32_t d = base64url_digit(text[3]);
  seen |= a | b | c | d;
  return a << 18U | b << 12U | c << 6U | d;
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
  std::vector<unsigned char> bytes(text.size() * 3 / 4);
  unsigned char* out = bytes.data();
  std::uint32_t seen = 0;
  for (; text.size() >= 4; text.remove_prefix(4)) {
    const std::uint32_t bits = base64url_group(text, seen);
    *out++ = static_cast<unsigned char>(bits >> 16U);
    *out++ = static_cast<unsigned char>(bits >> 8U);
    *out++ = static_cast<unsigned char>(bits);
  }
  // What is missing of the last group counts as zero, and so must what is no whole byte.
  std::string last(text);
  last.resize(4, kBase64Url[0]);
  std::uint32_t bits = base64url_group(last, seen) << 8U;
  for (; out != bytes.data() + bytes.size(); bits <<= 8U) {
    *out++ = static_cast<unsigned char>(bits >> 24U);
  }
  if (bits != 0) return Error::kBadRequest;
  if (seen >= kNoDigit) return Error::kBadRequest;
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
