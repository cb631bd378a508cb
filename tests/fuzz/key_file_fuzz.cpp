// A key file that is accepted has keys with different, plain names, and a key that seals opens
// again; one that is refused has a reason, which does not tell a key.
#include <set>

#include "proxy/session/jwe.h"
#include "proxy/session/key_file.h"
#include "tests/fuzz/memory_file.h"

namespace portero::key_file_fuzz {

const MemoryFile kFile;
const std::string kUnknown =
    make_unknown_text() + "AAAAAAAAAAA";  // `{key}`: 43 digits of base64url

void judge(const KeyRing& ring) {
  std::set<std::string> kids;
  for (const SealingKey& key : ring.keys) {
    check(!key.kid.empty() && key.kid.size() <= 32 && consists_of(key.kid, "_-"), "a plain name");
    check(kids.insert(key.kid).second, "names differ");
  }
  check(!ring.keys.empty(), "there is a key");
  for (const std::int64_t now : {std::int64_t{0}, std::int64_t{1767225600}, INT64_MAX}) {
    const SealingKey* key = ring.sealing_key(now);
    if (key != nullptr) check(*open_jwe(*seal_jwe("x", *key), ring, now) == "x", "it opens");
  }
}

FUZZ_TARGET(key_file)(const std::uint8_t* data, std::size_t size) {
  std::string text(text_of(data, size));
  const std::size_t at = text.find("{key}");
  if (at != text.npos) text.replace(at, 5, kUnknown);
  kFile.write(text);
  const Result<LoadedKeys, Problem> file = read_key_file(kFile.path(), "");
  if (file) judge(file->ring);
  if (file) return 0;
  const Problem& problem = file.error();
  check(!problem.wrong.empty() && !problem.fix.empty(), "a refusal has a reason and a fix");
  check(problem.text().find(kUnknown) == std::string::npos, "a reason tells no key");
  return 0;
}

}  // namespace portero::key_file_fuzz
