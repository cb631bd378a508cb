// What the fuzz targets share: an invariant that says its name when it breaks, and an input cut
// into pieces. Judgements here are second ones, written apart from the product's on purpose: two
// readers must agree.
#pragma once

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>

#include "wasm/encoding.h"

namespace portero {

/// What takes an input and ends the process if an invariant breaks.
using FuzzTarget = int (*)(const std::uint8_t* data, std::size_t size);

#ifdef PORTERO_REPLAY
/// Says to the one program that replays all corpora which target has that name.
struct NamedTarget {
  NamedTarget(const char* name, FuzzTarget target);
};
#define FUZZ_TARGET(name)                              \
  int run(const std::uint8_t* data, std::size_t size); \
  const NamedTarget kTarget(#name, &run);              \
  int run
#else
/// Begins a target, which has a namespace of its own: `FUZZ_TARGET(json)(const std::uint8_t* data,
/// std::size_t size) {...}` is libFuzzer's entry there.
#define FUZZ_TARGET(name) extern "C" int LLVMFuzzerTestOneInput
#endif

/// Ends the process, as a finding, when the claim does not hold.
inline void check(bool holds, const char* claim) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", claim);
  std::abort();
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// The text before the first `separator`, taken off `rest` together with it.
inline std::string_view take(std::string_view& rest, char separator = '\n') {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view piece = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return piece;
}

/// Whether every character is an ASCII letter or digit, or one of `also`.
inline bool consists_of(std::string_view text, std::string_view also) {
  return std::all_of(text.begin(), text.end(), [also](char c) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return is_letter || (c >= '0' && c <= '9') || also.find(c) != std::string_view::npos;
  });
}

inline bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

inline std::string lower_case(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  return lowered;
}

/// Whether `text` holds what no input may know. Not by find(): libFuzzer watches memcmp, and
/// branches, and would write what it is compared with into its next inputs.
inline bool tells(std::string_view text, std::string_view secret) {
  for (; text.size() >= secret.size(); text.remove_prefix(1)) {
    if (CRYPTO_memcmp(text.data(), secret.data(), secret.size()) == 0) return true;
  }
  return false;
}

/// Text that no input of this process can know: 2 digits a byte.
inline std::string make_unknown_text() {
  unsigned char bytes[16];
  check(RAND_bytes(bytes, sizeof bytes) == 1, "there is entropy");
  return hex_encode(bytes);
}

}  // namespace portero
