// Reading the query GitHub sends the browser back with (RFC 6749 §4.1.2, RFC 9207).
// Refuses to guess: a parameter of ours that comes twice is an error, never "the first" or "the
// last", because a code gets into the wrong session when two readers choose differently.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "wasm/result.h"

namespace portero {

/// The parameters of a callback, decoded. Absent and empty are told apart.
/// error_description and error_uri are counted, then dropped: they are never shown.
struct Callback {
  std::optional<std::string> code;
  std::optional<std::string> state;
  std::optional<std::string> iss;
  std::optional<std::string> error;
};

/// Reads a query, with or without its leading `?`. Names are compared after decoding, so that
/// `%63ode` is `code`. Unknown parameters are ignored whatever they hold.
/// Errors: kTooLarge beyond kCallbackMax bytes; kDuplicateParameter; kBadRequest for a value of
/// ours that is badly encoded or holds a control byte or one beyond ASCII.
[[nodiscard]] Result<Callback> read_callback(std::string_view query);

}  // namespace portero
