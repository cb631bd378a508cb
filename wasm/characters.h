// The sets of characters that the protocol's texts are made of. All are ASCII.
#pragma once

namespace portero {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Printable and no space: what a URL, and a code, is written in.
constexpr bool is_visible(char c) { return c >= '!' && c <= '~'; }

/// RFC 4648 §5.
constexpr bool is_base64url(char c) {
  return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
}

/// RFC 3986 §2.3: what stands for itself anywhere in a URL, and what a code_verifier is made of.
constexpr bool is_unreserved(char c) { return is_base64url(c) || c == '.' || c == '~'; }

}  // namespace portero
