#include "proxy/session/key_file.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <sys/stat.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "proxy/base/json.h"
#include "proxy/base/text.h"
#include "proxy/settings/secret.h"
#include "wasm/encoding.h"

namespace portero {
namespace {

constexpr std::size_t kFileMax = 64 * 1024;
constexpr std::size_t kDepthMax = 3;
constexpr std::string_view kMakeNew =
    "make a new file with `portero keygen` (everybody is signed out)";

bool is_kid(std::string_view kid) {
  return !kid.empty() && kid.size() <= kKidMax && is_alphanumeric_or("_-", kid);
}

/// The key, or what is wrong with it.
Result<SealingKey, std::string> read_key(const Json& entry) {
  SealingKey key;
  const std::string* kid = find_string(entry, "kid");
  if (kid == nullptr || !is_kid(*kid)) return std::string("kid must be 1 to 32 of [A-Za-z0-9_-]");
  key.kid = *kid;
  const std::string* k = find_string(entry, "k");
  const Result<std::vector<unsigned char>> bytes = base64url_decode(k == nullptr ? "" : *k);
  if (!bytes || bytes->size() != key.k.size()) {
    return std::string("k must be 32 bytes in base64url");
  }
  std::copy(bytes->begin(), bytes->end(), key.k.begin());
  const Json* seal_from = find_member(entry, "seal_from");
  if (seal_from == nullptr || !seal_from->is_number_integer()) {
    return std::string("seal_from must be a whole number of seconds since 1970");
  }
  key.seal_from = seal_from->get<std::int64_t>();
  const Json* open_until = find_member(entry, "open_until");
  if (open_until == nullptr || open_until->is_null()) return key;
  if (!open_until->is_number_integer()) {
    return std::string("open_until must be a whole number of seconds since 1970, or absent");
  }
  key.open_until = open_until->get<std::int64_t>();
  return key;
}

Result<KeyRing, Problem> read_keys(const std::string& path, const std::string& text) {
  const auto refuse = [&path](std::string_view wrong) {
    return Problem{path, std::string(wrong), std::string(kMakeNew)};
  };
  const Result<Json, JsonRefusal> document = read_operators_json(text, kFileMax, kDepthMax);
  // A new file would sign everybody out for a byte that can be removed.
  if (!document) {
    Problem problem = make_json_problem(path, text, document.error());
    if (document.error().fault == JsonFault::kSyntax) problem.fix.append(", or ").append(kMakeNew);
    return problem;
  }
  const Json* keys = find_member(*document, "keys");
  if (keys == nullptr || !keys->is_array() || keys->empty()) {
    return refuse("does not hold {\"keys\":[…]} with at least one key");
  }
  KeyRing ring;
  for (const Json& entry : *keys) {
    const std::string which = "key " + std::to_string(ring.keys.size() + 1) + ": ";
    const Result<SealingKey, std::string> key = read_key(entry);
    if (!key) return refuse(which + key.error());
    for (const SealingKey& other : ring.keys) {
      if (other.kid == key->kid) return refuse(which + "kid is that of an earlier key");
    }
    ring.keys.push_back(*key);
  }
  return ring;
}

std::string write_keys(const KeyRing& ring) {
  Json document = {{"keys", Json::array()}};
  for (const SealingKey& key : ring.keys) {
    Json entry = {{"kid", key.kid}, {"k", base64url_encode(key.k)}, {"seal_from", key.seal_from}};
    if (key.open_until) entry["open_until"] = *key.open_until;
    document["keys"].push_back(std::move(entry));
  }
  return write_json(document) + "\n";
}

bool add_key(KeyRing& ring, std::int64_t seal_from) {
  SealingKey key;
  std::array<unsigned char, 6> mark{};
  if (RAND_bytes(key.k.data(), static_cast<int>(key.k.size())) != 1) return false;
  if (RAND_bytes(mark.data(), static_cast<int>(mark.size())) != 1) return false;
  key.kid = base64url_encode(mark);
  key.seal_from = seal_from;
  ring.keys.push_back(key);
  OPENSSL_cleanse(key.k.data(), key.k.size());
  return true;
}

void retire(KeyRing& ring, std::int64_t open_until, std::int64_t now) {
  std::erase_if(ring.keys,
                [now](const SealingKey& key) { return key.open_until && *key.open_until <= now; });
  for (SealingKey& key : ring.keys) {
    key.open_until = std::min(key.open_until.value_or(open_until), open_until);
  }
}

}  // namespace

Result<LoadedKeys, Problem> read_key_file(const std::string& path,
                                          const std::string& credentials_directory) {
  Result<PrivateFile, Problem> file = read_private_file(path, kFileMax, credentials_directory);
  if (!file) {
    return Problem{path, file.error().wrong, file.error().fix + ", or make one: portero keygen"};
  }
  Result<KeyRing, Problem> ring = read_keys(path, file->text);
  wipe(file->text);
  if (file->access == Access::kOpen) {
    return Problem{path, "others may read or change it", make_open_file_problem("", path).fix};
  }
  if (!ring) return ring.error();
  return LoadedKeys{.ring = std::move(*ring), .access = file->access};
}

Result<MadeKeys, Problem> generate_keys(const std::string& path, Keygen how,
                                        std::chrono::seconds lifetime, std::int64_t now) {
  struct stat status = {};
  const bool is_there = ::lstat(path.c_str(), &status) == 0;
  KeyRing ring;
  if (is_there && how == Keygen::kNew) {
    return Problem{path, "is there already",
                   "add a key with `portero keygen --rotate`, or remove the file"};
  }
  if (!is_there && how == Keygen::kRotate) {
    return Problem{path, "is not there, so there is no key to retire",
                   "correct the path, or make a new file: portero keygen " + path};
  }
  if (is_there) {
    const Result<LoadedKeys, Problem> held = read_key_file(path, "");
    if (!held) return held.error();
    if (how == Keygen::kIfMissing) {
      const SealingKey* key = held->ring.sealing_key(now);
      return MadeKeys{.kid = key == nullptr ? "" : key->kid, .kept = held->ring.keys.size()};
    }
    ring = held->ring;
  }
  MadeKeys made{.is_made = true};
  made.seal_from = is_there ? now + kRotationDelay.count() : now;
  made.open_until = made.seal_from + lifetime.count();
  retire(ring, made.open_until, now);
  made.kept = ring.keys.size();
  if (!add_key(ring, made.seal_from)) {
    return Problem{path, "the system gave no random bytes", "try again"};
  }
  made.kid = ring.keys.back().kid;
  std::string text = write_keys(ring);
  const Result<Done, Problem> written = write_private_file(path, text, is_there);
  wipe(text);
  if (!written) return written.error();
  return made;
}

}  // namespace portero
