// Why JSON that an operator wrote is refused, and where: the line, the column and what stands
// there. json.h reads; this judges what it could not read. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "proxy/base/problem.h"

namespace portero {

/// Why a text is refused.
enum class JsonFault {
  kTooLong,
  kNul,            // the library would end there
  kByteOrderMark,  // the library would skip it
  kTooDeep,
  kRepeatedKey,  // one key twice in one object
  kSyntax,       // anything else, invalid UTF-8 among it
};

struct JsonRefusal {
  JsonFault fault = JsonFault::kSyntax;
  /// How many bytes were taken when the reader stopped: the last of them is where the fault showed.
  /// One more than the text has: it ended too early.
  std::size_t taken = 0;
};

/// "line 3, column 12" of the byte at `offset`, both from 1; a column is a character of UTF-8.
[[nodiscard]] std::string describe_place(std::string_view text, std::size_t offset);

/// What is wrong with the text that `key` (a file, an environment variable) holds, where, and what
/// to do. Repeats nothing of the text but a character of punctuation.
[[nodiscard]] Problem make_json_problem(std::string_view key, std::string_view text,
                                        const JsonRefusal& refusal);

}  // namespace portero
