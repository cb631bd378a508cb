// The boundary between the page and the module, the only mutable state there is: one buffer for
// requests and replies, and one arena for what a call allocates. Both are zeroed when a call is
// over, so no secret outlives its use in here.
//
// A request is a row of fields, each u32 little endian length + bytes. A reply is one status byte
// (an Error's number; 0: it worked) and a row of fields, or the error's name. web/core.js is the
// only caller; nothing it says about lengths is believed. Numbers are decimal text, flags are "" or
// "1".
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <new>
#include <span>
#include <string>
#include <string_view>

#include "wasm/authorize.h"
#include "wasm/error.h"
#include "wasm/return_to.h"

#define PORTERO_EXPORT(name) extern "C" __attribute__((export_name(#name)))

namespace portero {
namespace {

constexpr std::size_t kBufferBytes = 32 * 1024;
constexpr std::size_t kArenaBytes = 256 * 1024;
constexpr std::size_t kLengthBytes = sizeof(std::uint32_t);  // WebAssembly is little endian

std::array<unsigned char, kBufferBytes> buffer;
alignas(std::max_align_t) std::array<unsigned char, kArenaBytes> arena;
std::size_t arena_used = 0;

/// Zeroes through a volatile pointer: a plain fill before the end of use may be optimised away.
void wipe(std::span<unsigned char> bytes) {
  volatile unsigned char* byte = bytes.data();
  for (std::size_t i = 0; i < bytes.size(); ++i) byte[i] = 0;
}

/// Reads the request's fields in order. One that does not fit makes the whole request unreadable.
class Fields {
 public:
  explicit Fields(std::size_t length)
      : rest_(reinterpret_cast<const char*>(buffer.data()), std::min(length, kBufferBytes)),
        readable_(length <= kBufferBytes) {}

  std::string_view next() {
    std::uint32_t length = 0;
    if (rest_.size() >= kLengthBytes) std::memcpy(&length, rest_.data(), kLengthBytes);
    if (rest_.size() < kLengthBytes || rest_.size() - kLengthBytes < length) {
      readable_ = false;
      return {};
    }
    const std::string_view field = rest_.substr(kLengthBytes, length);
    rest_.remove_prefix(kLengthBytes + length);
    return field;
  }

  std::string text() { return std::string(next()); }

  std::int64_t number() {
    const std::string_view digits = next();
    if (digits.empty() || digits.size() > 15) readable_ = false;
    std::int64_t value = 0;
    for (const char c : digits.substr(0, 15)) {
      if (c < '0' || c > '9') readable_ = false;
      value = value * 10 + (c - '0');
    }
    return value;
  }

  template <std::size_t kSize>
  std::span<const unsigned char, kSize> bytes() {
    const std::string_view field = next();
    if (field.size() != kSize) readable_ = false;
    // Of another length: any kSize bytes do, for the request is refused.
    const void* const data =
        field.size() == kSize ? field.data() : static_cast<void*>(buffer.data());
    return std::span<const unsigned char, kSize>(static_cast<const unsigned char*>(data), kSize);
  }

  /// Whether every field was there and nothing is left over.
  [[nodiscard]] bool complete() const { return readable_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool readable_;
};

/// Ends a call: forgets the request and all it allocated but the reply.
std::size_t reply(std::uint8_t status, std::initializer_list<std::string_view> fields) {
  wipe(buffer);
  buffer[0] = status;
  std::size_t end = 1;
  for (const std::string_view field : fields) {
    if (kBufferBytes - end < kLengthBytes + field.size()) std::abort();
    const auto length = static_cast<std::uint32_t>(field.size());
    std::memcpy(&buffer[end], &length, kLengthBytes);
    std::memcpy(&buffer[end + kLengthBytes], field.data(), length);
    end += kLengthBytes + length;
  }
  return end;
}

std::size_t refuse(Error error) {
  return reply(static_cast<std::uint8_t>(error), {module_name(error)});
}

}  // namespace

PORTERO_EXPORT(portero_buffer) unsigned char* portero_buffer() { return buffer.data(); }

PORTERO_EXPORT(portero_capacity) std::size_t portero_capacity() { return kBufferBytes; }

PORTERO_EXPORT(portero_wipe) void portero_wipe() {
  wipe(buffer);
  wipe(std::span(arena).first(arena_used));
  arena_used = 0;
}

/// entropy (64 bytes), popup -> state, code_verifier
PORTERO_EXPORT(portero_prepare) std::size_t portero_prepare(std::size_t length) {
  Fields fields(length);
  const auto entropy = fields.bytes<kEntropyBytes>();
  const bool popup = !fields.next().empty();
  if (!fields.complete()) return refuse(Error::kBadRequest);
  const Prepared prepared = prepare(entropy, popup);
  return reply(0, {prepared.state, prepared.code_verifier});
}

/// client_id, authorize_url, redirect_uri, scope, login, prompt, allow_signup, state,
/// code_verifier, challenge (32 bytes) -> URL
PORTERO_EXPORT(portero_begin) std::size_t portero_begin(std::size_t length) {
  Fields fields(length);
  const ClientSettings settings{.client_id = fields.next(),
                                .authorize_url = fields.next(),
                                .redirect_uri = fields.next(),
                                .scope = fields.next()};
  const AuthorizeOptions options{
      .login = fields.next(), .prompt = fields.next(), .allow_signup = fields.next()};
  const Prepared prepared{.state = fields.text(), .code_verifier = fields.text()};
  const auto challenge = fields.bytes<kChallengeBytes>();
  if (!fields.complete()) return refuse(Error::kBadRequest);
  const Result<std::string> url = begin(settings, options, prepared, challenge);
  if (!url) return refuse(url.error());
  // Percent-encoding makes up to three bytes of one: more than the buffer holds is no URL to open.
  if (url->size() > kBufferBytes / 2) return refuse(Error::kTooLarge);
  return reply(0, {*url});
}

/// query, state, code_verifier, issuer, created, require_issuer, now -> code, code_verifier
PORTERO_EXPORT(portero_finish) std::size_t portero_finish(std::size_t length) {
  Fields fields(length);
  const std::string_view query = fields.next();
  const Pending pending{.state = fields.next(),
                        .code_verifier = fields.next(),
                        .issuer = fields.next(),
                        .created = fields.number(),
                        .require_issuer = !fields.next().empty()};
  const std::int64_t now = fields.number();
  if (!fields.complete()) return refuse(Error::kBadRequest);
  const Result<ExchangeRequest> request = finish(query, pending, now);
  if (!request) return refuse(request.error());
  return reply(0, {request->code, request->code_verifier});
}

/// text -> nothing; status 0 when the text is a return_to
PORTERO_EXPORT(portero_return_to) std::size_t portero_return_to(std::size_t length) {
  Fields fields(length);
  const std::string_view text = fields.next();
  if (!fields.complete() || !is_return_to(text)) return refuse(Error::kBadRequest);
  return reply(0, {});
}

namespace {

/// A call allocates little and is over soon: the arena only grows, and portero_wipe() empties it.
void* allocate(std::size_t size) {
  const std::size_t padded = (size + alignof(std::max_align_t) - 1) / alignof(std::max_align_t) *
                             alignof(std::max_align_t);
  if (padded < size || kArenaBytes - arena_used < padded) std::abort();
  void* const place = arena.data() + arena_used;
  arena_used += padded;
  return place;
}

}  // namespace
}  // namespace portero

void* operator new(std::size_t size) { return portero::allocate(size); }
void operator delete(void* /*place*/) noexcept {}
void operator delete(void* /*place*/, std::size_t /*size*/) noexcept {}

// Stands in for abort() (--wrap): Emscripten's imports proc_exit; a trap stops the module just as
// well and imports nothing.
// NOLINTNEXTLINE: the linker chose this name (--wrap=abort).
extern "C" void __wrap_abort() { __builtin_trap(); }
