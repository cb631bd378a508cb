// What was granted covers what is required: each scope for itself, no less when more is granted,
// and never anything out of nothing.
#include "proxy/github/replies.h"
#include "tests/fuzz/fuzz.h"

namespace portero::scope_fuzz {

FUZZ_TARGET(scope)(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = text_of(data, size);
  const std::string granted(take(rest));
  const std::string required(take(rest));
  const std::string more(take(rest));
  const bool covered = covers_scope(granted, required);
  check(!covered || covers_scope(granted + "," + more, required), "more covers no less");
  check(covered || !covers_scope(granted, required + " " + more), "more asked is no easier");
  check(covers_scope("", required) == (required.find_first_not_of(' ') == required.npos),
        "nothing");
  bool each = true;
  for (std::string_view list = required; !list.empty();) {
    const std::string_view scope = take(list, ' ');
    each = each && covers_scope(granted, scope);
    check(scope.find_first_of(", ") != scope.npos || covers_scope(scope, scope), "itself");
  }
  check(covered == each, "all is each");
  return 0;
}

}  // namespace portero::scope_fuzz
