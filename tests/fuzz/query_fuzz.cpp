// A callback's parameters, written again, read the same; `?` in front changes nothing; no value
// holds what could end a line.
#include "tests/fuzz/fuzz.h"
#include "wasm/protocol.h"
#include "wasm/query.h"

namespace portero::query_fuzz {

std::string write(const Callback& callback) {
  std::string query = "error_uri=x";
  const auto add = [&query](std::string_view name, const std::optional<std::string>& value) {
    if (!value) return;
    check(is_printable(*value), "a value is plain");
    query += "&" + std::string(name) + "=" + percent_encode(*value);
  };
  add("code", callback.code);
  add("state", callback.state);
  add("iss", callback.iss);
  add("error", callback.error);
  return query;
}

bool is_same(const Callback& a, const Callback& b) {
  return a.code == b.code && a.state == b.state && a.iss == b.iss && a.error == b.error;
}

FUZZ_TARGET(query)(const std::uint8_t* data, std::size_t size) {
  const std::string query(text_of(data, size));
  const auto read = read_callback(query);
  check(!read || size <= kCallbackMax, "a long one is refused");
  if (!read) return 0;
  const auto again = read_callback(write(*read));
  check(again && is_same(*read, *again), "what was read reads again");
  if (query.starts_with('?') || size == kCallbackMax) return 0;
  const auto marked = read_callback("?" + query);
  check(marked && is_same(*read, *marked), "the question mark says nothing");
  return 0;
}

}  // namespace portero::query_fuzz
