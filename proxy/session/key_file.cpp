#include "proxy/session/key_file.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <span>
#include <system_error>

#include "proxy/base/json.h"
#include "proxy/settings/secret.h"
#include "wasm/encoding.h"

namespace portero {
namespace {

constexpr std::size_t kFileMax = 64 * 1024;
constexpr std::size_t kDepthMax = 3;
constexpr mode_t kForbiddenRights = 0027;

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  const int descriptor_;
};

std::string reason(int error) { return std::generic_category().message(error); }

bool lies_below(const std::string& path, const std::string& directory) {
  return !directory.empty() && path.starts_with(directory) && path.size() > directory.size() &&
         path[directory.size()] == '/' && path.find("/../") == std::string::npos;
}

std::optional<std::string> read_file(const std::string& path,
                                     const std::string& credentials_directory, std::string& why) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    why = path + ": " + reason(errno) + ". Make the keys with: portero keygen";
    return std::nullopt;
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    why = path + ": not a regular file. Name the file that `portero keygen` wrote.";
    return std::nullopt;
  }
  const bool judged = !lies_below(path, credentials_directory) && !lies_below(path, "/run/secrets");
  if (judged && (status.st_mode & kForbiddenRights) != 0) {
    why = path + ": others than its owner may read or change it. Mend it with: chmod 600 " + path;
    return std::nullopt;
  }
  std::string text(kFileMax + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t count = ::read(file.get(), text.data() + size, text.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    size += static_cast<std::size_t>(count);
  }
  text.resize(size);
  return text;
}

bool is_kid(std::string_view kid) {
  return !kid.empty() && kid.size() <= 32 && std::all_of(kid.begin(), kid.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

/// Empty, or what is wrong with the key.
std::string read_key(const Json& entry, SealingKey& key) {
  const std::string* kid = find_string(entry, "kid");
  if (kid == nullptr || !is_kid(*kid)) return "kid must be 1 to 32 of [A-Za-z0-9_-]";
  key.kid = *kid;
  const std::string* k = find_string(entry, "k");
  const Result<std::vector<unsigned char>> bytes = base64url_decode(k == nullptr ? "" : *k);
  if (!bytes || bytes->size() != key.k.size()) return "k must be 32 bytes in base64url";
  std::copy(bytes->begin(), bytes->end(), key.k.begin());
  const Json* seal_from = find_member(entry, "seal_from");
  if (seal_from == nullptr || !seal_from->is_number_integer()) {
    return "seal_from must be a whole number of seconds since 1970";
  }
  key.seal_from = seal_from->get<std::int64_t>();
  const Json* open_until = find_member(entry, "open_until");
  if (open_until == nullptr || open_until->is_null()) return {};
  if (!open_until->is_number_integer()) {
    return "open_until must be a whole number of seconds since 1970, or absent";
  }
  key.open_until = open_until->get<std::int64_t>();
  return {};
}

std::optional<KeyRing> read_keys(const std::string& path, const std::string& text,
                                 std::string& why) {
  const std::string cure = ". Make a new file with `portero keygen` (everybody is signed out).";
  const Result<Json> document = read_json(text, kFileMax, kDepthMax);
  const Json* keys = document ? find_member(*document, "keys") : nullptr;
  if (keys == nullptr || !keys->is_array() || keys->empty()) {
    why = path + ": does not hold {\"keys\":[…]} with at least one key" + cure;
    return std::nullopt;
  }
  KeyRing ring;
  for (const Json& entry : *keys) {
    SealingKey key;
    std::string wrong = read_key(entry, key);
    for (const SealingKey& other : ring.keys) {
      if (wrong.empty() && other.kid == key.kid) wrong = "kid is that of an earlier key";
    }
    if (!wrong.empty()) {
      why = path;
      why.append(": key ").append(std::to_string(ring.keys.size() + 1)).append(": ");
      why.append(wrong).append(cure);
      return std::nullopt;
    }
    ring.keys.push_back(key);
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

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(descriptor, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return ::fsync(descriptor) == 0;
}

/// Whole or not at all. Without `replace` a file that appeared meanwhile stays.
bool write_file(const std::string& path, const std::string& text, bool replace, std::string& why) {
  std::string draft = path + ".XXXXXX";
  const File file(::mkostemp(draft.data(), O_CLOEXEC));  // rights 0600
  bool written = file.get() >= 0 && write_all(file.get(), text);
  if (written) {
    written = replace ? std::rename(draft.c_str(), path.c_str()) == 0
                      : ::link(draft.c_str(), path.c_str()) == 0;
  }
  if (!written) why = path + ": cannot be written: " + reason(errno) + ". Check the directory.";
  if (file.get() >= 0) ::unlink(draft.c_str());  // gone already after a rename
  return written;
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

std::optional<KeyRing> read_key_file(const std::string& path,
                                     const std::string& credentials_directory, std::string& why) {
  std::optional<std::string> text = read_file(path, credentials_directory, why);
  if (!text) return std::nullopt;
  std::optional<KeyRing> ring = read_keys(path, *text, why);
  wipe(*text);
  return ring;
}

bool generate_keys(const std::string& path, Keygen how, std::chrono::seconds lifetime,
                   std::int64_t now, std::string& why) {
  struct stat status {};
  const bool there = ::lstat(path.c_str(), &status) == 0;
  KeyRing ring;
  if (there && how == Keygen::kNew) {
    why =
        path + ": is there already. Add a key with `portero keygen --rotate`, or remove the file.";
    return false;
  }
  if (there) {
    const std::optional<KeyRing> held = read_key_file(path, "", why);
    if (!held) return false;
    if (how == Keygen::kIfMissing) return true;
    ring = *held;
  }
  const bool rotating = how == Keygen::kRotate && there;
  const std::int64_t seal_from = rotating ? now + kRotationDelay.count() : now;
  retire(ring, seal_from + lifetime.count(), now);
  if (!add_key(ring, seal_from)) {
    why = "The system gave no random bytes. Try again.";
    return false;
  }
  std::string text = write_keys(ring);
  const bool written = write_file(path, text, rotating, why);
  wipe(text);
  return written;
}

}  // namespace portero
