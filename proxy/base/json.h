// JSON read strictly and written safely: the one reader for settings, key file, requests' bodies
// and GitHub's answers. Parsing is bounded before anything is built, and nothing here throws.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/base/json_fault.h"
#include "wasm/result.h"

namespace portero {

/// Keeps the order in which members were added, so that every answer reads alike.
using Json = nlohmann::ordered_json;

/// A key that comes a second time in one object.
struct RepeatedKey {
  std::vector<std::string> path;  // the names that lead to it, its own the last; lists left out
  std::size_t first = 0;          // offsets of the two, at their opening quotes
  std::size_t again = 0;
};

/// The document `text` holds. Refused: more than `bytes`, nesting deeper than `depth` (1: a flat
/// object), a key that comes twice in one object, invalid UTF-8, lone surrogates, numbers beyond a
/// double, a byte order mark, a NUL byte, anything after the end. Errors: kBadJson.
[[nodiscard]] Result<Json> read_json(std::string_view text, std::size_t bytes, std::size_t depth);

/// The same reader for what an operator wrote, with the reason of a refusal. With `repeated`, a
/// doubled key is no fault. It is added to `repeated`. The caller must refuse it.
[[nodiscard]] Result<Json, JsonRefusal> read_operators_json(
    std::string_view text, std::size_t bytes, std::size_t depth,
    std::vector<RepeatedKey>* repeated = nullptr);

/// Who is told of a document's parts, one after the other; each says whether to go on.
using JsonWalk = nlohmann::json_sax<Json>;

/// Walks the document `text` holds, without a tree. Whether it came to the end: `walk` wanted to go
/// on, and nothing was refused that read_json() refuses. Depth and doubled keys are for `walk` to
/// refuse.
[[nodiscard]] bool walk_json(std::string_view text, std::size_t bytes, JsonWalk& walk);

/// The document in one line; bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string write_json(const Json& document);

/// The member of an object; nullptr when `document` is no object or has no such member.
[[nodiscard]] const Json* find_member(const Json& document, std::string_view key);

/// The string member of an object; nullptr when it is absent or not a string.
[[nodiscard]] const std::string* find_string(const Json& document, std::string_view key);

}  // namespace portero
