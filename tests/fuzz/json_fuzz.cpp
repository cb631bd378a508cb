// What read_json lets in: as deep as allowed by another count, no member lost to a second of its
// name, and the same again when it is written and read.
#include "proxy/base/json.h"
#include "tests/fuzz/judgements.h"

namespace portero::json_fuzz {

std::size_t count_members(const Json& tree) {
  std::size_t members = tree.is_object() ? tree.size() : 0;
  for (const Json& child : tree) members += child.is_structured() ? count_members(child) : 0;
  return members;
}

FUZZ_TARGET(json)(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = text_of(data, size);
  const Result<Json> read = read_json(text, 512, 4);
  if (!read) return 0;
  const Nesting count = count_nesting(text);
  check(size <= 512 && count.deepest <= 4, "it is within its bounds");
  check(count.members == count_members(*read), "every member is there");
  const Result<Json> again = read_json(write_json(*read), 4096, 4);
  check(again && *again == *read, "written and read it is the same");
  return 0;
}

}  // namespace portero::json_fuzz
