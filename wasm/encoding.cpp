#include "wasm/encoding.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "wasm/characters.h"

namespace portero {
namespace {

constexpr std::string_view kBase64Url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kUpperHex = "0123456789ABCDEF";

constexpr std::uint32_t kNoDigit = std::uint32_t{1} << 31U;

using Digits = std::array<std::uint32_t, 256>;

/// Of every character its six bits where they stand in the group's 24, or kNoDigit.
constexpr Digits base64url_digits(unsigned shift) {
  Digits digits{};
  digits.fill(kNoDigit);
  std::uint32_t value = 0;
  for (const char c : kBase64Url) digits.at(static_cast<unsigned char>(c)) = value++ << shift;
  return digits;
}

constexpr std::array<Digits, 4> kBase64UrlDigits = {base64url_digits(18), base64url_digits(12),
                                                    base64url_digits(6), base64url_digits(0)};

/// The 24 bits of four characters; kNoDigit is set where one is no digit.
std::uint32_t base64url_group(std::span<const char, 4> text) {
  const auto bits = [&text](std::size_t i) {
    return kBase64UrlDigits[i][static_cast<unsigned char>(text[i])];
  };
  return bits(0) | bits(1) | bits(2) | bits(3);
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

bool base64url_decode_to(std::string_view text, std::span<unsigned char> bytes) {
  constexpr std::size_t kGroup = 4;
  if (text.size() % kGroup == 1 || bytes.size() != base64url_decoded_size(text)) return false;
  unsigned char* out = bytes.data();
  std::uint32_t seen = 0;  // of a text all that is no digit comes together here
  const std::span<const char> whole(text.data(), text.size() / kGroup * kGroup);
  for (auto rest = whole; !rest.empty(); rest = rest.subspan<kGroup>()) {
    const std::uint32_t bits = base64url_group(rest.first<kGroup>());
    seen |= bits;
    *out++ = static_cast<unsigned char>(bits >> 16U);
    *out++ = static_cast<unsigned char>(bits >> 8U);
    *out++ = static_cast<unsigned char>(bits);
  }
  // What is missing of the last group counts as zero, and so must what is no whole byte.
  std::array<char, kGroup> last{};
  last.fill(kBase64Url[0]);
  std::copy(text.begin() + static_cast<std::ptrdiff_t>(whole.size()), text.end(), last.begin());
  std::uint32_t bits = base64url_group(last);
  seen |= bits;
  for (bits <<= 8U; out != bytes.data() + bytes.size(); bits <<= 8U) {
    *out++ = static_cast<unsigned char>(bits >> 24U);
  }
  return bits == 0 && (seen & kNoDigit) == 0;
}

Result<std::vector<unsigned char>> base64url_decode(std::string_view text) {
  std::vector<unsigned char> bytes(base64url_decoded_size(text));
  if (!base64url_decode_to(text, bytes)) return Error::kBadRequest;
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
