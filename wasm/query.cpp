#include "wasm/query.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "wasm/encoding.h"
#include "wasm/protocol.h"

namespace portero {
namespace {

constexpr std::array<std::string_view, 6> kNames = {
    "code", "state", "iss", "error", "error_description", "error_uri"};
constexpr std::size_t kKept = 4;

/// The text before the first `separator`, which is taken off `rest` together with it.
std::string_view take(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view piece = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return piece;
}

/// The place in kNames; kNames.size() for a name that is not ours.
std::size_t place_of(const std::string_view& encoded) {
  const Result<std::string> name = percent_decode(encoded);
  if (!name) return kNames.size();
  std::size_t place = 0;
  while (place < kNames.size() && kNames[place] != *name) ++place;
  return place;
}

bool is_printable_ascii(const std::string_view& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

Result<Callback> read_callback(std::string_view query) {
  if (query.size() > kCallbackMax) return Error::kTooLarge;
  if (query.starts_with('?')) query.remove_prefix(1);

  std::array<bool, kNames.size()> seen{};
  Callback callback;
  const std::array<std::optional<std::string>*, kKept> values = {&callback.code, &callback.state,
                                                                 &callback.iss, &callback.error};
  bool malformed = false;
  while (!query.empty()) {
    std::string_view value = take(query, '&');
    const std::size_t place = place_of(take(value, '='));
    if (place == kNames.size()) continue;
    if (seen[place]) return Error::kDuplicateParameter;
    seen[place] = true;
    if (place >= kKept) continue;
    Result<std::string> decoded = percent_decode(value);
    malformed = malformed || !decoded || !is_printable_ascii(*decoded);
    if (!malformed) *values[place] = *std::move(decoded);
  }
  if (malformed) return Error::kBadRequest;
  return callback;
}

}  // namespace portero
