// One JSON object, written as text member by member: what answers and sessions are made of. No tree
// is built, nothing is parsed again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portero {

/// Whether all of it is printable ASCII without `\`: but for quotes, JSON writes that as it is.
[[nodiscard]] bool stands_for_itself(std::string_view text);

/// Members stay in the order in which they were added. REQUIRES: no name is added twice; a name is
/// printable ASCII without `"` and `\`.
class JsonText {
 public:
  /// Bytes that are not UTF-8 become U+FFFD.
  void add_text(std::string_view name, std::string_view value);
  void add_text_or_null(std::string_view name, const std::optional<std::string>& value);
  void add_number(std::string_view name, std::int64_t value);
  void add_true(std::string_view name);
  void add_null(std::string_view name);
  void add_object(std::string_view name, const JsonText& value);
  /// REQUIRES: `json` is a whole JSON value, as a JsonText or the library wrote it.
  void add_written(std::string_view name, std::string_view json);
  void add_texts(std::string_view name, const std::vector<std::string>& values);

  /// True until a member was added.
  [[nodiscard]] bool is_empty() const { return text_.empty(); }

  /// The document in one line.
  [[nodiscard]] std::string text() const&;
  [[nodiscard]] std::string text() &&;

 private:
  void add_name(std::string_view name);

  std::string text_;  // the object without its last brace
};

}  // namespace portero
